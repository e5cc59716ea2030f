"""Compressed Digital Links of one part. Only what no other address of the site takes may come here: included last."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from codes.formats.gs1.compressed import is_compressed
from codes.pages.resolver import resolver


class CompressedLink(StringConverter):
    """What has the form of one, and is long enough for a key that we know: a GTIN takes ten characters.

    Anything else is no page at all; so is what begins with no application identifier.
    """

    regex = "[A-Za-z0-9_-]{10,}"

    def to_python(self, value: str) -> str:
        if not is_compressed(value):
            raise ValueError(value)
        return value


register_converter(CompressedLink, "compressed_link")

urlpatterns = [
    path("<compressed_link:compressed>", resolver, name="compressed-link"),
    path("<compressed_link:compressed>/", resolver),
]
