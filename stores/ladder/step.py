import enum


class Step(enum.IntEnum):
    """The steps, lowest first."""

    SILENT = 0
    LIT = 1
    ACTIVE = 2
    RISING = 3
    BREAKTHROUGH = 4
