"""Which days of the statistics an opening touches."""

from codes.models import Binding, Opening
from consumers.models import Consumer
from stores.figures import DayKey


def days_touched_by(opening: Opening) -> list[DayKey]:
    """The days to hand to `stores.services.counting.mark_days`, in the transaction that wrote opening and binding.

    They are the day of the opening's own store and, where an opening arrives late and becomes its consumer's first,
    the day that had counted this consumer as new until then.

    Holds the consumer's row until that transaction ends: of two first openings at one time, the second to get here
    then sees the other, whichever of them happened earlier.
    """
    Consumer.objects.select_for_update(no_key=True).get(pk=opening.consumer_id)
    earliest = Opening.objects.filter(brand_id=opening.brand_id, consumer_id=opening.consumer_id).order_by(
        "opened_at", "serial"
    )
    first_two = list(earliest.values_list("pk", flat=True)[:2])
    touched = first_two if opening.pk in first_two[:1] else [opening.pk]
    bound = Binding.objects.filter(pk__in=touched, store__isnull=False).values_list("store_id", "day")
    return sorted({DayKey(store_id, day) for store_id, day in bound if store_id is not None})
