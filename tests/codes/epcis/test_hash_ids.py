"""Published values: the reference events and IDs of RalphTro/epcis-event-hash-generator, which CBV 2.0 names."""

from codes.epcis.hash_ids import event_hash_id
from codes.epcis.standard import CONTEXT_URL

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


def test_the_reference_event_with_sensor_data_has_its_published_id():
    assert event_hash_id(SENSED, CONTEXT) == (
        "ni:///sha-256;49b13037c36e84ad9307c531671b00e901318c3957e4b1151f816ec49eb668da?ver=CBV2.0"
    )
