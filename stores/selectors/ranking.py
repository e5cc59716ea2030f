"""Today's rank of a brand's salespeople.

First form of the score: items opened today that are bound to the salesperson's stores. A rich territory still helps;
the comparison with what peers' stores would have made comes with the full score.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from stores.models import Salesperson, StoreDay


@dataclass(frozen=True, slots=True)
class Ranked:
    """A salesperson's place today, with the parts of the score. Equal scores share a rank; the next one is skipped."""

    rank: int
    salesperson: Salesperson
    score: int
    moving_stores: int
    new_users: int


def ranking(brand_id: int, *, today: dt.date) -> list[Ranked]:
    """All active salespeople of the brand, best first; those without openings share the last rank. Two queries."""
    rows = (
        StoreDay.objects.filter(day=today, store__salesperson__brand_id=brand_id, store__is_active=True)
        .values_list("store__salesperson")
        .annotate(score=Sum("opened"), moving=Count("pk", filter=Q(opened__gt=0)), fresh=Sum("new_users"))
    )
    parts = {pk: (opened, moving, new_users) for pk, opened, moving, new_users in rows}
    people = Salesperson.objects.filter(brand_id=brand_id, is_active=True)
    scored = [(parts.get(person.pk, (0, 0, 0)), person) for person in people]
    scored.sort(key=lambda each: (-each[0][0], each[1].name, each[1].pk))
    ranked: list[Ranked] = []
    for position, ((score, moving, new_users), person) in enumerate(scored, start=1):
        tied = ranked and ranked[-1].score == score
        ranked.append(Ranked(ranked[-1].rank if tied else position, person, score, moving, new_users))
    return ranked
