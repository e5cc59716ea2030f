"""What a resolver knows of a link: its targets, which of them answers a request, and the list of all.

Sources: GS1-Conformant Resolver Standard 1.2; RFC 9264 (link sets) in GS1's JSON form; RFC 8288 (Link header).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

VOCABULARY = "https://gs1.org/voc/"
MEDIA_TYPE = "application/linkset+json"
DEFAULT = "gs1:defaultLink"


@dataclass(frozen=True, slots=True)
class Target:
    """One link.

    Attributes:
        level: path of the Digital Link that it belongs to, from the key on.
        link_type: of GS1's Web vocabulary, such as `gs1:pip`.
        language: such as `zh` or `en-GB`; "" for any.
        context: such as a country; "" for any.
        forwards_query: whether the request's query goes on to it.
    """

    level: str
    link_type: str
    href: str
    title: str
    language: str = ""
    media_type: str = "text/html"
    context: str = ""
    is_default: bool = False
    forwards_query: bool = True


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request asks for; languages and media types best first."""

    link_type: str = ""
    languages: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ()
    context: str = ""


def link_type_of(text: str) -> str:
    """The short form of a link type, given that or the vocabulary's whole URI."""
    return f"gs1:{text.removeprefix(VOCABULARY)}" if text.startswith(VOCABULARY) else text


def chosen(targets: Sequence[Target], wanted: Wanted) -> Target | None:
    """The target that answers best; the targets come level by level, the particular before the general.

    A link type that one level lacks is looked for one level up. Without one, the nearest default answers, or a link of
    its type that fits the request better. None: no level has the wanted type.
    """
    kind = link_type_of(wanted.link_type)
    if kind and kind != DEFAULT:
        start = next((target for target in targets if target.link_type == kind), None)
    else:
        start = next((target for target in targets if target.is_default), None)
    if start is None:
        return None
    alike = [target for target in targets if (target.level, target.link_type) == (start.level, start.link_type)]
    return min(alike, key=lambda target: (_distance(target, wanted), not target.is_default))


def linkset(origin: str, levels: Iterable[tuple[str, str]], targets: Sequence[Target]) -> dict[str, Any]:
    """The link set as JSON: one entry a level (path, description of what it names), the targets grouped by type."""
    entries = []
    for level, description in levels:
        here = [target for target in targets if target.level == level]
        groups = {kind: [target for target in here if target.link_type == kind] for kind in _kinds(here)}
        groups |= {DEFAULT: default} if (default := [target for target in here if target.is_default]) else {}
        entries.append(
            {"anchor": f"{origin}{level}", "itemDescription": description}
            | {
                VOCABULARY + kind.removeprefix("gs1:"): [_entry(target) for target in group]
                for kind, group in groups.items()
            }
        )
    return {"linkset": entries}


def link_header(origin: str, path: str) -> str:
    """Where the link set is found: a Link header's value."""
    return f'<{origin}{path}?linkType=linkset>; rel="linkset"; type="{MEDIA_TYPE}"; title="All links"'


def same_as(origin: str, uncompressed: str) -> str:
    """The same link uncompressed, by its path and query: a Link header's value."""
    return f'<{origin}{uncompressed}>; rel="owl:sameAs"; title="The same link uncompressed"'


def _kinds(targets: Iterable[Target]) -> list[str]:
    return sorted({target.link_type for target in targets})


def _entry(target: Target) -> dict[str, Any]:
    entry: dict[str, Any] = {"href": target.href, "title": target.title, "type": target.media_type}
    if target.language:
        entry["hreflang"] = [target.language]
    if target.context:
        entry["context"] = [target.context]
    if not target.forwards_query:
        entry["fwqs"] = False
    return entry


def _distance(target: Target, wanted: Wanted) -> tuple[int, int, int]:
    """How far a target is from the request: its context, then its language, then its media type."""
    return (
        _place(target.context, (wanted.context,) if wanted.context else ()),
        _place(target.language, wanted.languages),
        _place(target.media_type, wanted.media_types),
    )


def _place(value: str, ranked: Sequence[str]) -> int:
    """The place of a value in a ranking; behind all of them where it says nothing, last of all where it is another."""
    for place, asked in enumerate(ranked):
        if value and (value == asked or value.split("-", maxsplit=1)[0] == asked.split("-")[0]):
            return place
    return len(ranked) + (1 if value else 0)
