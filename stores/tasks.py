"""The statistics' workers."""

from celery import shared_task

from core import clock
from core.bell import answer, ring
from core.sweeping import go_through
from stores.models import Brand
from stores.services.counting import count_batch
from stores.services.evaluating import evaluate_brand, raise_steps

BATCHES = 40


@shared_task(name="stores.tasks.count_pending")
def count_pending() -> None:
    """Count what was marked, and lift the stores that reached a higher step by it.

    After a while the rest is left to another run, so that no run takes long.
    """
    answer(count_pending)
    for _ in range(BATCHES):
        counted = count_batch()
        if not counted:
            return
        raise_steps(store_ids={key.store_id for key in counted}, now=clock.now())
    ring(count_pending)


@shared_task(name="stores.tasks.evaluate_ladder")
def evaluate_ladder() -> None:
    """Evaluate the stores of every active brand. One that can't be evaluated keeps no other waiting."""
    brands = Brand.objects.filter(is_active=True).order_by("pk")
    go_through(brands, lambda brand: evaluate_brand(brand=brand, now=clock.now()), sweep="stores.evaluate")
