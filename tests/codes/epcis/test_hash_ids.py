"""Published values: the reference events and IDs of RalphTro/epcis-event-hash-generator, which CBV 2.0 names."""

import pytest

from codes.epcis.hash_ids import event_hash_id
from codes.epcis.standard import CONTEXT_URL
from tests.factories.epcis_examples import events_of, example

CONTEXT = [CONTEXT_URL, {"example": "https://ns.example.com/epcis/"}]
SENSED = {
    "type": "ObjectEvent",
    "eventTime": "2020-04-01T15:00:00+01:00",
    "eventTimeZoneOffset": "+01:00",
    "epcList": ["urn:epc:id:sgtin:4012345.011111.9876"],
    "action": "OBSERVE",
    "bizStep": "inspecting",
    "readPoint": {"id": "urn:epc:id:sgln:4012345.00005.0"},
    "sensorElementList": [
        {
            "sensorMetadata": {
                "deviceID": "urn:epc:id:giai:4000001.111",
                "deviceMetadata": "https://id.gs1.org/8004/4000001111",
            },
            "sensorReport": [
                {"type": "Temperature", "value": 26, "sDev": 0.1, "uom": "CEL"},
                {"type": "AbsoluteHumidity", "value": 12.1, "uom": "A93"},
                {
                    "type": "Dimensionless",
                    "microorganism": "https://www.ncbi.nlm.nih.gov/taxonomy/1126011",
                    "value": 0.05,
                    "uom": "C35",
                },
                {
                    "type": "Dimensionless",
                    "chemicalSubstance": "https://identifiers.org/inchikey:CZMRCDWAGMRECN-UGDNZRGBSA-N",
                    "value": 0.18,
                    "uom": "C35",
                },
            ],
        }
    ],
}

EXTENDED = {
    "type": "ObjectEvent",
    "eventTime": "2020-03-04T11:00:30+01:00",
    "eventTimeZoneOffset": "+01:00",
    "epcList": ["urn:epc:id:sgtin:0614141.011111.987"],
    "action": "OBSERVE",
    "bizStep": "departing",
    "disposition": "in_transit",
    "readPoint": {"id": "urn:epc:id:sgln:4012345.00011.0", "example:myField1": "AB-12"},
    "bizTransactionList": [{"type": "po", "bizTransaction": "urn:epc:id:gdti:4012345.11111.123"}],
    "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00000"}],
    "destinationList": [{"type": "owning_party", "destination": "urn:epc:id:pgln:0614141.00000"}],
    "example:userExt": "CD-34",
}
EVERY_KEY = {
    "type": "ObjectEvent",
    "eventTime": "2023-03-27T11:30:00.0Z",
    "eventTimeZoneOffset": "+01:00",
    "epcList": [
        "urn:epc:id:sgtin:4012345.012345.12",
        "urn:epc:id:sscc:4012345.0000000333",
        "https://id.gs1.org/00/040123450000003338",
        "urn:epc:id:grai:4012345.66666.87",
        "urn:epc:id:giai:4012345.AAbb",
        "urn:epc:id:gsrn:4012345.9876540000",
        "urn:epc:id:gsrnp:4012345.0000098765",
        "urn:epc:id:gdti:4012345.55555.98",
        "urn:epc:id:cpi:4012345.ABC.123",
        "urn:epc:id:sgcn:4012345.99999.44",
        "urn:epc:id:ginc:4012345.333",
        "urn:epc:id:gsin:4012345.999987654",
        "urn:epc:id:itip:4012345.012345.01.02.999",
        "urn:epc:id:upui:4012345.012345.AB12",
    ],
    "quantityList": [
        {"epcClass": "urn:epc:class:lgtin:4054739.099914.20160711"},
        {"epcClass": "urn:epc:idpat:sgtin:4054739.099914.*"},
        {"epcClass": "urn:epc:idpat:grai:4012345.66666.*"},
        {"epcClass": "urn:epc:idpat:gdti:4012345.55555.*"},
        {"epcClass": "urn:epc:idpat:sgcn:4012345.99999.*"},
        {"epcClass": "urn:epc:idpat:cpi:4012345.ABC.*"},
        {"epcClass": "urn:epc:idpat:itip:4012345.012345.01.02.*"},
    ],
    "action": "OBSERVE",
    "bizStep": "other",
    "readPoint": {"id": "urn:epc:id:sgln:4012345.00011.987"},
}


def named(digest):
    return f"ni:///sha-256;{digest}?ver=CBV2.0"


@pytest.mark.parametrize(
    ("event", "digest"),
    [
        (SENSED, "271565c346ae2fb28c4583c4dca4ab4772d465eb4e0b6e548d77d8b49377d95c"),
        (EXTENDED, "3ae14c02c4bdc220cc31942cf804f6845eb8dec96ba6483391c92a9b165f9329"),
        (EVERY_KEY, "40744f32beff53a4bf5bb5956d465cb52de5bbcc9f131409d8efb903b04d9351"),
    ],
)
def test_an_event_has_its_published_id(event, digest):
    assert event_hash_id(event, CONTEXT) == named(digest)


@pytest.mark.parametrize(
    ("kind", "digest"),
    [
        ("object", "9811bfb2672e9c3a0f6151be339d22b60db375c8b23d2740f6137cc6539f0639"),
        ("transaction", "4a85d64a96409f0c57baed258666b26d83e6690d204a8aaed4c7e2624d8b0c81"),
        ("transformation", "529cc54b8cf9d8664208cc6c77473274d8c2dd473469920a7d09a814623f52cc"),
    ],
)
def test_gs1s_event_with_every_field_has_its_published_id(kind, digest):
    document = example(f"WithFullCombinationOfFields/{kind}_event_all_possible_fields.jsonld")
    assert event_hash_id(events_of(document)[0], document["@context"]) == named(digest)


def test_an_event_type_of_somebody_else_has_no_hash_id():
    with pytest.raises(ValueError, match="no event type"):
        event_hash_id(SENSED | {"type": "https://example.com/MyEvent"}, CONTEXT)
