"""The partner endpoint of the report on leaked print files."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from codes.api.described import described
from codes.api.order_shapes import Moment
from codes.api.partner import PartnerView
from codes.selectors.leaks import leak_report


class OrderTestShape(serializers.Serializer[None]):
    scans = serializers.IntegerField()
    pairs = serializers.IntegerField(help_text="Within blocks of 24 consecutive serials.")
    statistic = serializers.IntegerField(help_text="Seasonal Kendall S: rising pairs less falling ones.")
    z = serializers.FloatField()
    p = serializers.FloatField(help_text="One-sided: by chance, an order as rising as this.")


class ComparisonShape(serializers.Serializer[None]):
    scans = serializers.IntegerField()
    seen = serializers.IntegerField()
    other_scans = serializers.IntegerField()
    other_seen = serializers.IntegerField()
    p = serializers.FloatField(help_text="Fisher's exact test, one-sided, against all other files.")


class FindingShape(serializers.Serializer[Any]):
    file = serializers.IntegerField(source="file.id")
    recipient = serializers.CharField(source="file.recipient")
    code_order = serializers.IntegerField(source="file.order")
    first_serial = serializers.IntegerField(source="file.first")
    last_serial = serializers.SerializerMethodField()
    taken_at = Moment(source="file.taken_at", help_text="When the file was first taken away.")
    alarms = serializers.ListField(
        child=serializers.ChoiceField(choices=["scan_order", "before_shipping", "before_activation"])
    )
    order = OrderTestShape()
    following = ComparisonShape(help_text="Scans of one of the three codes in print behind the one just scanned.")
    before_shipping = ComparisonShape(source="unshipped")
    before_activation = ComparisonShape(source="inactive")
    q_order = serializers.FloatField(help_text="Of the larger p of `order` and `following`, adjusted over all tests.")
    q_before_shipping = serializers.FloatField(source="q_unshipped")
    q_before_activation = serializers.FloatField(source="q_inactive")

    def get_last_serial(self, found: Any) -> int:
        """Included."""
        return int(found.file.end - 1)


class LeakReportShape(serializers.Serializer[Any]):
    threshold = serializers.FloatField(help_text="An adjusted value at or below it is an alarm.")
    tests = serializers.IntegerField(help_text="How many were adjusted together.")
    suspects = serializers.ListField(child=serializers.CharField(), help_text="Recipients with an alarm.")
    findings = FindingShape(many=True, help_text="The most suspect files first.")


class LeakReport(PartnerView):
    required_scopes: ClassVar = ["review"]

    @described("Which recipients' print files are abused", {200: LeakReportShape})
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        """The 100 files that were taken away last, each with its tests."""
        return Response(LeakReportShape(leak_report(self.brand.pk)).data)
