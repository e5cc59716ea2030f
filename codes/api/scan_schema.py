"""Shapes of the scan endpoints, for the API's description. The views build the answers themselves."""

from rest_framework import serializers

from codes.models.scan import Verdict


class ScanPost(serializers.Serializer[None]):
    code = serializers.CharField(max_length=2048, help_text="The text in the QR: a code, or a link with one.")
    latitude = serializers.FloatField(required=False, min_value=-90, max_value=90)
    longitude = serializers.FloatField(required=False, min_value=-180, max_value=180)
    accuracy_m = serializers.FloatField(required=False, help_text="More than 0.")
    via = serializers.CharField(required=False, max_length=40)


class ProductShape(serializers.Serializer[None]):
    name = serializers.CharField()
    name_en = serializers.CharField()
    gtin = serializers.CharField()
    specification = serializers.CharField()
    story = serializers.CharField()


class BatchShape(serializers.Serializer[None]):
    lot = serializers.CharField()
    produced_on = serializers.DateField(allow_null=True)
    expires_on = serializers.DateField(allow_null=True)


class StoreShape(serializers.Serializer[None]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    address = serializers.CharField()


class StepShape(serializers.Serializer[None]):
    step = serializers.ChoiceField(choices=["packed", "shipped", "received", "opened"])
    at = serializers.DateTimeField()
    partner = serializers.ChoiceField(choices=["", "store", "dealer"])
    city = serializers.CharField(help_text="Where a store received it; else empty.")


class OfferShape(serializers.Serializer[None]):
    terms_path = serializers.CharField(help_text="Page with prizes, odds and terms; empty where there is none.")
    campaign = serializers.CharField()
    campaign_en = serializers.CharField()
    ends_at = serializers.DateTimeField()
    narrowed = serializers.BooleanField(help_text="For certain stores; which one sold it is not known yet.")


class ScanShape(serializers.Serializer[None]):
    id = serializers.UUIDField()
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    role = serializers.CharField()
    product = ProductShape(allow_null=True)
    batch = BatchShape(allow_null=True)
    first_scanned_at = serializers.DateTimeField(allow_null=True)
    first_region = serializers.CharField()
    scans_before = serializers.IntegerField()
    store = StoreShape(allow_null=True)
    confidence = serializers.FloatField(allow_null=True)
    journey = StepShape(many=True)
    opened = serializers.BooleanField()
    opened_by_me = serializers.BooleanField()
    sampled = serializers.BooleanField(help_text="Taken out of trade as a sample: genuine, and nothing is paid for it.")
    offer = OfferShape(allow_null=True)
    scanned_at = serializers.DateTimeField()
    replayed = serializers.BooleanField()
