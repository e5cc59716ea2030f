import datetime as dt

from celery import shared_task

from core import clock
from core.sweeping import go_through
from rewards.services.closing import close_past_days
from stores.models import Brand

ACTOR = "system:books"
GRACE = dt.timedelta(hours=1)
"""After midnight; what comes in late is then a fact of the new day."""


@shared_task(name="rewards.tasks.close_books")
def close_books() -> None:
    """Close each brand's past days. One brand's fault keeps no other brand's books open."""
    go_through(
        Brand.objects.order_by("pk"),
        lambda brand: close_past_days(brand=brand, actor=ACTOR, now=clock.now() - GRACE),
        sweep="books.close",
    )
