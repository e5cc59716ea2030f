"""What the brand's events name, each with its events: types, EPCs, steps, places, dispositions."""

from typing import Any, ClassVar

from rest_framework.response import Response

from codes.api.epcis.events import FoundEvents, narrowed
from codes.api.epcis.frame import BadQueryParameter, EpcisView, collection
from codes.api.epcis.pages import withdraw
from codes.epcis import vocabulary as v
from codes.epcis.identifiers import canonical
from codes.epcis.standard import EVENT_TYPES
from codes.epcis_query.asked import Probe
from codes.epcis_query.kinds import EPCS, Kind
from codes.epcis_query.texts import stored
from codes.selectors.epcis_names import is_named, names_of
from core import clock
from core.errors import NotFound

TOP = ("queries", "capture", "events", "eventTypes", "epcs", "readPoints", "bizLocations", "dispositions", "bizSteps")


class TopView(EpcisView):
    """What there is."""

    def get(self, request: Any) -> Response:  # noqa: ARG002 - DRF's signature
        """The resources."""
        return Response(collection(list(TOP)))


class Named:
    """One sort of names. `standard` are known without any event; `words` is their vocabulary."""

    kinds: ClassVar[tuple[Kind, ...]]
    standard: ClassVar[tuple[str, ...]] = ()
    words: ClassVar[str] = ""
    excluded: ClassVar[tuple[str, ...]] = ()
    """Parameters that would ask for another name of this sort."""

    def text(self, name: str) -> str:
        """The name as the index holds it."""
        return stored(v.vocabulary(self.words).word(name) if self.words else canonical(name))


class EventTypes(Named):
    kinds = (Kind.TYPE,)
    standard = EVENT_TYPES
    excluded = ("eventType",)


class Epcs(Named):
    kinds = EPCS
    excluded = ("MATCH_anyEPC",)


class BizSteps(Named):
    kinds = (Kind.BIZ_STEP,)
    standard = tuple(v.vocabulary(v.BIZ_STEP).uris)
    words = v.BIZ_STEP
    excluded = ("EQ_bizStep",)


class Dispositions(Named):
    kinds = (Kind.DISPOSITION,)
    standard = tuple(v.vocabulary(v.DISPOSITION).uris)
    words = v.DISPOSITION
    excluded = ("EQ_disposition",)


class BizLocations(Named):
    kinds = (Kind.BIZ_LOCATION,)
    excluded = ("EQ_bizLocation",)


class ReadPoints(Named):
    kinds = (Kind.READ_POINT,)
    excluded = ("EQ_readPoint",)


class NamesView(Named, EpcisView):
    """All names of a sort."""

    def get(self, request: Any) -> Response:  # noqa: ARG002 - DRF's signature
        """A page, in order of the names."""
        paging = self.paging()
        after = str(paging.place or "")
        names = set(names_of(self.brand.pk, self.kinds, after=after, most=paging.per_page + 1))
        names |= {name for name in self.standard if name > after}
        page = sorted(names)[: paging.per_page + 1]
        more = len(page) > paging.per_page
        page = page[: paging.per_page]
        headers = paging.next_headers(page[-1], now=clock.now()) if more else {}
        return Response(collection(page), headers=headers)


class NameView(Named, EpcisView):
    """One name: that it has events."""

    def find(self, name: str) -> str:
        """The name as the index holds it. Raises NotFound."""
        text = self.text(name)
        if text not in self.standard and not is_named(self.brand.pk, self.kinds, text):
            raise NotFound
        return text

    def get(self, request: Any, name: str) -> Response:  # noqa: ARG002 - DRF's signature
        """What there is of it."""
        self.find(name)
        return Response(collection(["events"]))


class NameEventsView(NameView, FoundEvents):
    """The events of one name."""

    def get(self, request: Any, name: str) -> Response:
        """Those that the query of the address finds among them."""
        text = self.find(name)
        doubled = next((parameter for parameter in self.excluded if parameter in request.GET), None)
        if doubled is not None:
            raise BadQueryParameter(f"{doubled}: the address says it already.", fields={doubled: ["Leave it out."]})
        return self.answer(narrowed(self.asked(), tuple(Probe(kind, text) for kind in self.kinds)))


class TokenView(EpcisView):
    """A page that was offered and is no longer wanted."""

    scopes: ClassVar = {"DELETE": "events"}

    def delete(self, request: Any, token: str) -> Response:  # noqa: ARG002 - DRF's signature
        """From now on the token leads nowhere."""
        withdraw(token)
        return Response(status=204)


SORTS: dict[str, type[Named]] = {
    "eventTypes": EventTypes,
    "epcs": Epcs,
    "bizSteps": BizSteps,
    "bizLocations": BizLocations,
    "readPoints": ReadPoints,
    "dispositions": Dispositions,
}
