"""Prefixes that a document's `@context` declares, and the names and values that use them.

Of JSON-LD only this is read: contexts that are EPCIS's own, and objects that declare prefixes. Other contexts at other
addresses are not fetched.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from codes.epcis.standard import context as standard_context
from codes.epcis.standard import is_standard_context

_PREFIXED = re.compile(r"([A-Za-z_][\w.-]*):(?!//)(.+)", re.DOTALL)
_SCHEMES = frozenset({"urn", "http", "https", "ni", "tag", "did", "data", "geo", "mailto", "oid", "info", "doi"})
CBVMDA = "urn:epcglobal:cbv:mda"
"""The namespace of CBV's master data in XML; JSON's context has a colon behind it, to make URIs."""


class UnknownPrefix(ValueError):  # noqa: N818 - says what is wrong with the text
    """A name whose prefix no context declares."""


@dataclass(frozen=True, slots=True)
class Prefixes:
    """Prefix → namespace. Names of extensions are `{namespace}local`, which XML calls expanded names."""

    namespaces: Mapping[str, str]

    def expand(self, text: str) -> str:
        """A value's full URI where it has a declared prefix; as it is otherwise."""
        if text.partition(":")[0] not in self.namespaces:
            return text
        found = _PREFIXED.fullmatch(text)
        return self.namespaces[found[1]] + found[2] if found else text

    def name(self, text: str) -> str:
        """The expanded name of a prefixed name, or of a whole URI (split behind its last `#`, `/` or `:`).

        Raises:
            UnknownPrefix: neither.
        """
        found = _PREFIXED.fullmatch(text)
        if found and found[1] in self.namespaces:
            return expanded_name(self.namespaces[found[1]], found[2])
        if "://" not in text and (found is None or found[1].lower() not in _SCHEMES):
            raise UnknownPrefix(found[1] if found else text)
        end = max(text.rfind(char) for char in "#/:") + 1
        return expanded_name(text[:end], text[end:])


def expanded_name(namespace: str, local: str) -> str:
    """`{namespace}local`."""
    return f"{{{CBVMDA if namespace == f'{CBVMDA}:' else namespace}}}{local}"


def prefixes_of(*contexts: object) -> Prefixes:
    """What the contexts declare, the later ones over the earlier; None and prefixes that were read before are taken."""
    first, *others = contexts
    if isinstance(first, Prefixes) and all(one is None for one in others):
        return first
    namespaces: dict[str, str] = {}
    for context in contexts:
        _collect(context, namespaces)
    return Prefixes(namespaces)


def declared_by(context: object) -> frozenset[str]:
    """The prefixes that this context declares itself, without EPCIS's own."""
    namespaces: dict[str, str] = {}
    for one in context if isinstance(context, list) else [context]:
        if isinstance(one, dict):
            _collect(one, namespaces)
    return frozenset(namespaces)


def _collect(context: object, namespaces: dict[str, str]) -> None:
    if isinstance(context, Prefixes):
        namespaces |= context.namespaces
    elif isinstance(context, list):
        for one in context:
            _collect(one, namespaces)
    elif is_standard_context(context):
        namespaces |= standard_namespaces()
    elif isinstance(context, dict):
        for name, meaning in context.items():
            uri = meaning.get("@id") if isinstance(meaning, dict) else meaning
            if isinstance(uri, str) and not name.startswith("@") and ":" not in name:
                namespaces[name] = uri


@cache
def standard_namespaces() -> dict[str, str]:
    """The prefixes that EPCIS's own context declares."""
    return {
        name: meaning
        for name, meaning in standard_context().items()
        if isinstance(meaning, str) and meaning.endswith(("/", "#", ":"))
    }
