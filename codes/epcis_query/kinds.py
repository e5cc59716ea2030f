"""Of which part of an event a text is that the event can be found by. The numbers are stored: never change one."""

from enum import IntEnum


class Kind(IntEnum):
    """Kinds of stored texts."""

    EVENT_ID = 1
    TYPE = 2
    ACTION = 3
    BIZ_STEP = 4
    DISPOSITION = 5
    DISPOSITION_SET = 6
    DISPOSITION_UNSET = 7
    READ_POINT = 8
    BIZ_LOCATION = 9
    TRANSFORMATION = 10
    EPC = 11
    PARENT = 12
    INPUT_EPC = 13
    OUTPUT_EPC = 14
    EPC_CLASS = 15
    INPUT_CLASS = 16
    OUTPUT_CLASS = 17
    BIZ_TRANSACTION = 20
    SOURCE = 21
    DESTINATION = 22
    ERROR_REASON = 23
    CORRECTIVE_EVENT = 24
    SENSOR_TYPE = 30
    DEVICE = 31
    PROCESSING = 32
    MICROORGANISM = 33
    SUBSTANCE = 34
    BIZ_RULES = 35
    STRING_VALUE = 36
    HEX_VALUE = 37
    URI_VALUE = 38
    BOOLEAN_VALUE = 39
    EXISTS = 50
    FIELD = 51
    HAS_ATTRIBUTE = 52
    ATTRIBUTE = 53


EPCS = (Kind.EPC, Kind.PARENT, Kind.INPUT_EPC, Kind.OUTPUT_EPC)
CLASSES = (Kind.EPC_CLASS, Kind.INPUT_CLASS, Kind.OUTPUT_CLASS)
RAREST_FIRST = (
    Kind.EVENT_ID,
    Kind.CORRECTIVE_EVENT,
    *EPCS,
    Kind.TRANSFORMATION,
    Kind.BIZ_TRANSACTION,
    Kind.ATTRIBUTE,
    Kind.FIELD,
    Kind.DEVICE,
    *CLASSES,
    Kind.READ_POINT,
    Kind.BIZ_LOCATION,
    Kind.SOURCE,
    Kind.DESTINATION,
)
"""A guess at which kinds of texts stand in the fewest events."""
