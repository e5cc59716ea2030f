"""What EPCIS 2.0's XML binding calls things, and in which order it has them.

Source: EPCIS 2.0, section 9 (XML Schema `urn:epcglobal:epcis:xsd:2`).
"""

from collections.abc import Mapping

from codes.epcis.fields import EPC_LISTS, QUANTITY_LISTS, TYPED_LISTS

EPCIS = "urn:epcglobal:epcis:xsd:2"
QUERY = "urn:epcglobal:epcis-query:xsd:2"
SBDH = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"

MEMBERS: Mapping[str, str] = {
    **dict.fromkeys(EPC_LISTS, "epc"),
    **dict.fromkeys(QUANTITY_LISTS, "quantityElement"),
    **{name: member for name, (member, _) in TYPED_LISTS.items()},
    "sensorElementList": "sensorElement",
    "correctiveEventIDs": "correctiveEventID",
}
"""List → the element of each member."""

_WHEN = ("eventTime", "recordTime", "eventTimeZoneOffset", "eventID", "errorDeclaration", "certificationInfo")
_WHERE = ("bizStep", "disposition", "readPoint", "bizLocation")
_PARTIES = ("sourceList", "destinationList", "sensorElementList")
_LAST = ("persistentDisposition", "ilmd")
ORDER: Mapping[str, tuple[str, ...]] = {
    "ObjectEvent": (*_WHEN, "epcList", "action", *_WHERE, "bizTransactionList", "quantityList", *_PARTIES, *_LAST),
    "AggregationEvent": (
        *_WHEN,
        "parentID",
        "childEPCs",
        "action",
        *_WHERE,
        "bizTransactionList",
        "childQuantityList",
        *_PARTIES,
    ),
    "TransactionEvent": (
        *_WHEN,
        "bizTransactionList",
        "parentID",
        "epcList",
        "action",
        *_WHERE,
        "quantityList",
        *_PARTIES,
    ),
    "TransformationEvent": (
        *_WHEN,
        "inputEPCList",
        "inputQuantityList",
        "outputEPCList",
        "outputQuantityList",
        "transformationID",
        *_WHERE,
        "bizTransactionList",
        *_PARTIES,
        *_LAST,
    ),
    "AssociationEvent": (
        *_WHEN,
        "parentID",
        "childEPCs",
        "childQuantityList",
        "action",
        *_WHERE,
        "bizTransactionList",
        *_PARTIES,
    ),
}
REQUIRED: Mapping[str, str] = {"ObjectEvent": "epcList", "AggregationEvent": "childEPCs", "TransactionEvent": "epcList"}
"""The list that XML must have, though it be empty."""
ERROR_ORDER = ("declarationTime", "reason", "correctiveEventIDs")
