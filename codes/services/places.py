"""Where a phone said it was."""

import math
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _

from core.errors import Invalid
from stores import earth


@dataclass(frozen=True, slots=True)
class Place:
    """WGS-84 degrees, on the earth; `accuracy_m` is the 68 % radius in metres, None where it was not told."""

    latitude: float
    longitude: float
    accuracy_m: float | None = None

    @property
    def point(self) -> earth.Place:
        """The place without its accuracy."""
        return earth.Place(self.latitude, self.longitude)

    @classmethod
    def checked(cls, latitude: float | None, longitude: float | None, accuracy_m: float | None) -> Self | None:
        """The place; None where nothing was told.

        Raises:
            Invalid: outside the earth, half a place, or an accuracy that is not positive; says in which field.
        """
        if latitude is None and longitude is None and accuracy_m is None:
            return None
        fields = {}
        if latitude is None or not -90 <= latitude <= 90:  # noqa: PLR2004 - the poles
            fields["latitude"] = [_("Degrees from -90 to 90, together with the longitude.")]
        if longitude is None or not -180 <= longitude <= 180:  # noqa: PLR2004 - the date line
            fields["longitude"] = [_("Degrees from -180 to 180, together with the latitude.")]
        if accuracy_m is not None and not (math.isfinite(accuracy_m) and accuracy_m > 0):
            fields["accuracy_m"] = [_("Metres, more than 0.")]
        if fields or latitude is None or longitude is None:
            raise Invalid(fields=fields)
        return cls(latitude, longitude, accuracy_m)
