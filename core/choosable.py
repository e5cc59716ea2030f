"""Numbers with defaults, some of which somebody may choose otherwise: the thresholds of rules. Knows no framework."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Self


class Choosable(ABC):
    """The base of a frozen dataclass of numbers, each with a default: a whole one stays whole.

    Raises:
        ValueError: a number that makes no sense, in words.
    """

    __slots__ = ()

    def __post_init__(self) -> None:
        for name, default in self.defaults().items():
            value = getattr(self, name)
            if not self.takes(name, value):
                least, most = self.limits_of(name)
                kind = "a whole number" if isinstance(default, int) else "a number"
                raise ValueError(f"{name} must be {kind} from {least} to {most}, not {value!r}")

    @classmethod
    @abstractmethod
    def limits_of(cls, name: str) -> tuple[float, float]:
        """The least and the most that this number may be."""

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """Every number by name."""
        return {field.name: field.default for field in fields(cls)}  # type: ignore[arg-type] # a dataclass below

    @classmethod
    def takes(cls, name: str, value: object) -> bool:
        """Whether this number may have that value."""
        least, most = cls.limits_of(name)
        if type(value) is int or (type(value) is float and not isinstance(cls.defaults()[name], int)):
            return least <= value <= most
        return False

    @classmethod
    def of(cls, chosen: Mapping[str, Any]) -> Self:
        """The defaults with what was chosen otherwise.

        Raises:
            ValueError: a name that is none of these, or a value that makes no sense.
        """
        unknown = sorted(set(chosen) - set(cls.defaults()))
        if unknown:
            raise ValueError(f"no such threshold: {', '.join(unknown)}")
        return cls(**chosen)
