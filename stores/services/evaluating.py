"""Moving stores on the ladder.

Standings are locked before the figures are read, in the order of the stores: evaluations of one store follow each
other, and the later one knows what the earlier one knew. The number of queries depends on the number of chunks,
not of stores.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from core.clock import business_day
from stores.ladder import Judgement, Standing, Step, Thresholds, WindowFigures, judge, move
from stores.models import Brand, LadderRule, StepChange, Store, StoreStanding
from stores.selectors.reasons import facts_of, reason
from stores.selectors.rules import rule_of
from stores.selectors.windows import Medians, peer_medians, window_figures

CHUNK = 500
REASON_LENGTH = 300
WRITTEN = ["step", "since", "failed_evaluations", "evaluated_on", "figures"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What is the same for every store. Without `medians` the peers are unknown, and steps only go up."""

    rule: LadderRule | None
    thresholds: Thresholds
    now: dt.datetime
    today: dt.date
    medians: Medians | None


@dataclass(frozen=True, slots=True)
class Move:
    """A store's standing before and after, with what it was judged by."""

    row: StoreStanding
    after: Standing
    figures: WindowFigures
    judgement: Judgement


def evaluate_brand(*, brand: Brand, now: dt.datetime) -> int:
    """Evaluate every active store of the brand, chunk by chunk; how many changed their step."""
    rule, thresholds = rule_of(brand.pk)
    today = business_day(now, brand.timezone)
    medians = peer_medians(brand.pk, today=today, thresholds=thresholds)
    evaluation = Evaluation(rule, thresholds, now, today, medians)
    ids = list(Store.objects.filter(brand=brand, is_active=True).order_by("pk").values_list("pk", flat=True))
    return sum(evaluate_stores(ids[start : start + CHUNK], evaluation) for start in range(0, len(ids), CHUNK))


def raise_steps(*, store_ids: Collection[int], now: dt.datetime) -> int:
    """The light evaluation after a count: lift stores whose figures now reach a higher step; how many were lifted.

    It does not ask what the peers do, so the step to breakthrough is left to the full evaluation.
    """
    lifted = 0
    for brand in Brand.objects.filter(stores__in=store_ids).distinct():
        rule, thresholds = rule_of(brand.pk)
        evaluation = Evaluation(rule, thresholds, now, business_day(now, brand.timezone), medians=None)
        mine = Store.objects.filter(brand=brand, is_active=True, pk__in=store_ids).order_by("pk")
        lifted += evaluate_stores(list(mine.values_list("pk", flat=True)), evaluation)
    return lifted


@transaction.atomic
def evaluate_stores(store_ids: list[int], evaluation: Evaluation) -> int:
    """Judge these stores (ids in order), write their standings and what changed; how many changed their step."""
    standings = lock_standings(store_ids, evaluation.today)
    figures = window_figures(
        store_ids, today=evaluation.today, thresholds=evaluation.thresholds, medians=evaluation.medians
    )
    moves = []
    for row in standings:
        judgement = judge(figures[row.pk], evaluation.thresholds)
        moves.append(Move(row, next_standing(row, judgement.step, evaluation), figures[row.pk], judgement))
    changes = [change_of(each, evaluation) for each in moves if each.after.step != each.row.step]
    StepChange.objects.bulk_create(changes)
    if evaluation.medians is None:
        moves = [each for each in moves if each.after.step != each.row.step]
    write(moves, evaluation)
    return len(changes)


def lock_standings(store_ids: list[int], today: dt.date) -> list[StoreStanding]:
    """Make the rows that are missing, and lock all in the order of the stores."""
    fresh = [StoreStanding(store_id=store_id, since=today) for store_id in store_ids]
    StoreStanding.objects.bulk_create(fresh, ignore_conflicts=True)
    return list(StoreStanding.objects.filter(pk__in=store_ids).order_by("pk").select_for_update())


def next_standing(row: StoreStanding, reached: Step, evaluation: Evaluation) -> Standing:
    """Where the store goes. A failure counts once a business day, however often evaluations come by."""
    before = Standing(Step(row.step), row.failed_evaluations)
    failing = reached < before.step
    if failing and (evaluation.medians is None or row.evaluated_on == evaluation.today):
        return before
    return move(before, reached, patience=evaluation.thresholds.patience)


def change_of(each: Move, evaluation: Evaluation) -> StepChange:
    """The record of a move. Its sentence is in the house's language; pages build theirs from the facts."""
    rose = each.after.step > each.row.step
    deciding = each.after.step if rose else Step(each.row.step)
    facts = facts_of(each.judgement.conditions[deciding])
    with translation.override(settings.LANGUAGE_CODE):
        sentence = reason(facts, rose=rose)
    return StepChange(
        store_id=each.row.pk,
        from_step=each.row.step,
        to_step=each.after.step,
        day=evaluation.today,
        happened_at=evaluation.now,
        figures=summary(each.figures, evaluation.thresholds) | {"facts": facts},
        reason=sentence[:REASON_LENGTH],
        rule=evaluation.rule,
    )


def write(moves: list[Move], evaluation: Evaluation) -> None:
    """Keep the standings that differ from what is stored, in one statement."""
    differing = []
    for each in moves:
        row, before = each.row, [getattr(each.row, name) for name in WRITTEN]
        if each.after.step != row.step:
            row.since = evaluation.today
        row.step, row.failed_evaluations = each.after.step, each.after.failed
        row.evaluated_on = evaluation.today
        row.figures = summary(each.figures, evaluation.thresholds) | outlook(each.after.step, each.judgement)
        if [getattr(row, name) for name in WRITTEN] != before:
            differing.append(row)
    if differing:
        # The rows exist and are locked; this is the fastest way to give each its own values.
        StoreStanding.objects.bulk_create(
            differing, update_conflicts=True, unique_fields=["store"], update_fields=WRITTEN
        )


def summary(figures: WindowFigures, thresholds: Thresholds) -> dict[str, Any]:
    """The figures behind a judgement, JSON-ready; rates are None where they are undefined."""
    rate, growth, repeat = figures.opening_rate(thresholds), figures.growth, figures.repeat_rate
    return {
        "last_day": figures.last_day.isoformat(),
        "window_days": thresholds.window_days,
        "opened": figures.opened_in(thresholds),
        "received": figures.received,
        "opening_rate": None if rate is None else round(rate, 4),
        "users": figures.users,
        "new_users": sum(figures.new_users[-thresholds.window_days :]),
        "repeat_rate": None if repeat is None else round(repeat, 4),
        "velocity": round(figures.velocity, 3),
        "growth": None if growth is None else round(growth, 3),
    }


def outlook(step: Step, judgement: Judgement) -> dict[str, Any]:
    """Why the store stands on its step, and what the next one asks (nothing above the highest)."""
    above = judgement.conditions.get(Step(step + 1), ()) if step < max(Step) else ()
    return {"holds": facts_of(judgement.conditions[step]), "next": facts_of(above)}
