import datetime as dt

import structlog
from celery import shared_task

from core import clock
from rewards.services.closing import BooksBelowZeroError, close_past_days
from stores.models import Brand

ACTOR = "system:books"
GRACE = dt.timedelta(hours=1)
"""After midnight; what comes in late is then a fact of the new day."""
log = structlog.get_logger(__name__)


@shared_task(name="rewards.tasks.close_books")
def close_books() -> None:
    """Close each brand's past days. One brand's fault keeps no other brand's books open."""
    for brand in Brand.objects.order_by("pk"):
        try:
            close_past_days(brand=brand, actor=ACTOR, now=clock.now() - GRACE)
        except BooksBelowZeroError:
            log.exception("the books are not closed", brand=brand.slug)
