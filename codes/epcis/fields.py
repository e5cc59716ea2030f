"""The fields of EPCIS 2.0 events: their order, and how each one's value is to be read.

Source: EPCIS 2.0, sections 7.3 and 7.4, and its JSON schema.
"""

from codes.epcis.vocabulary import (
    BIZ_TRANSACTION_TYPE,
    COMPONENT,
    MEASUREMENT_TYPE,
    SENSOR_ALERT,
    SOURCE_DESTINATION_TYPE,
)

EPC_LISTS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
QUANTITY_LISTS = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
PLACES = ("readPoint", "bizLocation")
URI_FIELDS = ("parentID", "transformationID")
TYPED_LISTS = {
    "bizTransactionList": ("bizTransaction", BIZ_TRANSACTION_TYPE),
    "sourceList": ("source", SOURCE_DESTINATION_TYPE),
    "destinationList": ("destination", SOURCE_DESTINATION_TYPE),
}
"""List → the field of its members, and the vocabulary of their types."""

METADATA_FIELDS = (
    "time",
    "startTime",
    "endTime",
    "deviceID",
    "deviceMetadata",
    "rawData",
    "dataProcessingMethod",
    "bizRules",
)
REPORT_FIELDS = (
    "type",
    "exception",
    "deviceID",
    "deviceMetadata",
    "rawData",
    "dataProcessingMethod",
    "bizRules",
    "time",
    "microorganism",
    "chemicalSubstance",
    "value",
    "component",
    "stringValue",
    "booleanValue",
    "hexBinaryValue",
    "uriValue",
    "minValue",
    "maxValue",
    "meanValue",
    "sDev",
    "percRank",
    "percValue",
    "uom",
    "coordinateReferenceSystem",
)
"""Both in the order in which CBV 2.0 hashes them (`bizRules` of a report, which it forgets, beside its like)."""
NUMBERS = frozenset({"value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue", "quantity"})
TIMES = frozenset({"time", "startTime", "endTime", "eventTime", "recordTime", "declarationTime"})
REPORT_WORDS = {"type": MEASUREMENT_TYPE, "exception": SENSOR_ALERT, "component": COMPONENT}
