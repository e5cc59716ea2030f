"""The standard vocabularies: which words a field may bear, and the URIs that mean the same.

The words come from the shipped context. One word has up to four notations: bare (`shipping`, in JSON), web URI
(`https://ref.gs1.org/cbv/BizStep-shipping`), its short form with a prefix (`cbv:BizStep-shipping`), and the URN of CBV
1.x (`urn:epcglobal:cbv:bizstep:shipping`, in XML). Sources: Core Business Vocabulary 2.0, section 7; EPCIS 2.0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from codes.epcis.standard import context

BIZ_STEP = "bizStep"
DISPOSITION = "disposition"
BIZ_TRANSACTION_TYPE = "bizTransactionType"
SOURCE_DESTINATION_TYPE = "sourceOrDestinationType"
ERROR_REASON = "errorReason"
MEASUREMENT_TYPE = "measurementType"
SENSOR_ALERT = "sensorAlert"
COMPONENT = "component"

NAMES = (
    BIZ_STEP,
    DISPOSITION,
    BIZ_TRANSACTION_TYPE,
    SOURCE_DESTINATION_TYPE,
    ERROR_REASON,
    MEASUREMENT_TYPE,
    SENSOR_ALERT,
    COMPONENT,
)
_URN = "urn:epcglobal:cbv:"
_URNS = {
    BIZ_STEP: "bizstep:",
    DISPOSITION: "disp:",
    BIZ_TRANSACTION_TYPE: "btt:",
    SOURCE_DESTINATION_TYPE: "sdt:",
    ERROR_REASON: "er:",
}
_OTHER_PLACES = (
    "https://ref.gs1.org/voc/",
    "https://www.gs1.org/voc/",
    "http://gs1.org/voc/",
    "https://ns.gs1.org/cbv/",
    "https://ns.gs1.org/voc/",
)
"""Where GS1 has had its terms before, or has them too."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One field's words.

    Attributes:
        uris: bare word → web URI.
        words: every other notation → bare word.
        urn: what stands before a word in its URN; "" where there are no URNs.
    """

    name: str
    uris: Mapping[str, str]
    words: Mapping[str, str]
    urn: str

    def uri(self, text: str) -> str:
        """The web URI of a word in any notation; any other text as it is."""
        return self.uris.get(self.word(text), text)

    def word(self, text: str) -> str:
        """The bare word of any notation; any other text as it is."""
        return self.words.get(text, text)

    def legacy(self, text: str) -> str:
        """The URN of a word, as XML has it, or where there is none its URI; any other text as it is."""
        word = self.word(text)
        return f"{self.urn}{word}" if self.urn and word in self.uris else self.uris.get(word, text)

    def nearest(self, text: str) -> str:
        """The word that was probably meant, or ""."""
        return next(iter(get_close_matches(text, self.uris, n=1)), "")


@cache
def vocabulary(name: str) -> Vocabulary:
    """The vocabulary of this name (one of NAMES); raises KeyError."""
    short = _terms()[name]
    prefixes = {prefix: context()[prefix] for prefix in ("cbv", "gs1")}
    uris = {word: _expanded(curie, prefixes) for word, curie in short.items()}
    urn = f"{_URN}{_URNS[name]}" if name in _URNS else ""
    words = {curie: word for word, curie in short.items()} | {uri: word for word, uri in uris.items()}
    words |= {f"{urn}{word}": word for word in uris if urn}
    words |= {f"{place}{curie.partition(':')[2]}": word for place in _OTHER_PLACES for word, curie in short.items()}
    return Vocabulary(name, uris, words, urn)


def _expanded(curie: str, prefixes: Mapping[str, str]) -> str:
    prefix, _, local = curie.partition(":")
    return prefixes[prefix] + local


def _terms() -> dict[str, dict[str, str]]:
    """Name → bare word → its short form, out of the context's nested term definitions."""
    top = context()
    report = top["sensorElementList"]["@context"]["sensorReport"]["@context"]
    found: dict[str, Any] = {
        BIZ_STEP: top["bizStep"],
        DISPOSITION: top["disposition"],
        BIZ_TRANSACTION_TYPE: top["bizTransactionList"]["@context"]["type"],
        SOURCE_DESTINATION_TYPE: top["sourceList"]["@context"]["type"],
        ERROR_REASON: top["errorDeclaration"]["@context"]["reason"],
        MEASUREMENT_TYPE: report["type"],
        SENSOR_ALERT: report["exception"],
        COMPONENT: report["component"],
    }
    return {name: dict(definition["@context"]) for name, definition in found.items()}
