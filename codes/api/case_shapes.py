"""What partners are told of market cases, and what they send."""

from typing import Any

from rest_framework import serializers

from codes.models import CaseEvidence, CaseRemark, MarketCase
from codes.selectors.market_cases import CaseFile, Piece
from codes.selectors.shipment_places import ShipmentPlace, ShipmentView
from codes.services.market_cases import LONGEST_REMARK


class CaseListRequest(serializers.Serializer[Any]):
    """Filters of the list."""

    state = serializers.ChoiceField(choices=MarketCase.State.choices, required=False)
    kind = serializers.ChoiceField(choices=MarketCase.Kind.choices, required=False)


class RemarkRequest(serializers.Serializer[Any]):
    remark = serializers.CharField(max_length=LONGEST_REMARK)


class ClosingRequest(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=MarketCase.Outcome.choices)
    remark = serializers.CharField(max_length=LONGEST_REMARK, required=False, allow_blank=True, default="")


class ReasonShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    have = serializers.FloatField(allow_null=True)
    need = serializers.FloatField()
    at_most = serializers.BooleanField(help_text="Whether `have` may not be above `need`, instead of below.")


class CaseShape(serializers.Serializer[Any]):
    """A case in a list."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=MarketCase.Kind.choices)
    state = serializers.ChoiceField(choices=MarketCase.State.choices)
    outcome = serializers.ChoiceField(choices=MarketCase.Outcome.choices, allow_null=True)
    score = serializers.IntegerField(help_text="0 to 100; 50 where the thresholds are just passed.")
    reasons = ReasonShape(many=True)
    figures = serializers.DictField()
    dealer = serializers.CharField(allow_null=True, help_text="Number of the dealer whose goods they are.")
    shipment = serializers.IntegerField(allow_null=True, help_text="The movement that brought them.")
    region = serializers.CharField(allow_null=True, help_text="Six digits of GB/T 2260.")
    serial = serializers.IntegerField(allow_null=True)
    previous = serializers.IntegerField(allow_null=True, help_text="The closed case before it.")
    opened_at = serializers.DateTimeField()
    newest_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class EvidenceShape(serializers.Serializer[Any]):
    scan = serializers.UUIDField(allow_null=True)
    movement = serializers.IntegerField(allow_null=True)
    serial = serializers.IntegerField(allow_null=True)
    store = serializers.CharField(allow_null=True)
    dealer = serializers.CharField(allow_null=True)
    shipment = serializers.IntegerField(allow_null=True)
    items = serializers.IntegerField()
    region = serializers.CharField()
    region_name = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True, help_text="Two decimals: a person is not to be found by it.")
    longitude = serializers.FloatField(allow_null=True)
    distance_m = serializers.FloatField(allow_null=True)
    happened_at = serializers.DateTimeField()


class RemarkShape(serializers.Serializer[Any]):
    author = serializers.CharField()
    text = serializers.CharField()
    written_at = serializers.DateTimeField()


class CaseFileShape(CaseShape):
    """A case with its newest 100 pieces of evidence and 100 remarks."""

    evidence_count = serializers.IntegerField()
    evidence = EvidenceShape(many=True)
    remarks = RemarkShape(many=True)


class CasePageShape(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = CaseShape(many=True)


class PlaceShape(serializers.Serializer[Any]):
    region = serializers.CharField()
    name = serializers.CharField()
    may_be_sold = serializers.BooleanField()
    units = serializers.IntegerField()
    people = serializers.IntegerField()
    scans = serializers.IntegerField()
    distance_m = serializers.FloatField(allow_null=True)
    newest_at = serializers.DateTimeField()


class ShipmentShape(serializers.Serializer[Any]):
    """Where the goods of a movement were scanned."""

    movement = serializers.IntegerField()
    items = serializers.IntegerField()
    seen_units = serializers.IntegerField()
    places = PlaceShape(many=True)


def answer_of_case(case: MarketCase) -> dict[str, Any]:
    """A case; dealer loaded."""
    return {
        "id": case.pk,
        "kind": case.kind,
        "state": case.state,
        "outcome": case.outcome or None,
        "score": case.score,
        "reasons": case.reasons,
        "figures": case.figures,
        "dealer": case.dealer.number if case.dealer else None,
        "shipment": case.shipment_id,
        "region": case.region_id,
        "serial": case.serial,
        "previous": case.previous_id,
        "opened_at": case.opened_at,
        "newest_at": case.newest_at,
        "closed_at": case.closed_at,
    }


def answer_of_file(file: CaseFile) -> dict[str, Any]:
    """A case with its evidence and remarks."""
    return answer_of_case(file.case) | {
        "evidence_count": file.evidence_count,
        "evidence": [answer_of_piece(piece) for piece in file.evidence],
        "remarks": [answer_of_remark(remark) for remark in file.remarks],
    }


def answer_of_piece(piece: Piece) -> dict[str, Any]:
    """One piece of evidence."""
    row: CaseEvidence = piece.row
    return {
        "scan": row.scan_id,
        "movement": row.movement_id,
        "serial": row.serial,
        "store": row.store.number if row.store else None,
        "dealer": row.dealer.number if row.dealer else None,
        "shipment": row.shipment_id,
        "items": row.items,
        "region": row.region_code,
        "region_name": piece.region,
        "latitude": None if row.latitude is None else round(row.latitude, 2),
        "longitude": None if row.longitude is None else round(row.longitude, 2),
        "distance_m": row.distance_m,
        "happened_at": row.happened_at,
    }


def answer_of_remark(remark: CaseRemark) -> dict[str, Any]:
    """What somebody wrote."""
    return {"author": remark.author, "text": remark.text, "written_at": remark.written_at}


def answer_of_shipment(movement_id: int, view: ShipmentView) -> dict[str, Any]:
    """Where a shipment was seen."""
    places = [answer_of_place(place) for place in view.places]
    return {"movement": movement_id, "items": view.items, "seen_units": view.seen_units, "places": places}


def answer_of_place(place: ShipmentPlace) -> dict[str, Any]:
    """One city."""
    return {
        "region": place.region_code,
        "name": place.region,
        "may_be_sold": place.may_be_sold,
        "units": place.units,
        "people": place.people,
        "scans": place.scans,
        "distance_m": place.distance_m,
        "newest_at": place.newest_at,
    }
