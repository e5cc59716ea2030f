from django import template

from rewards.models import Prize
from rewards.selectors.prize_words import prize_conditions, prize_words
from rewards.voucher_codes import grouped

register = template.Library()
register.filter("grouped", grouped)


@register.filter
def words(prize: Prize) -> str:
    """What the winner has."""
    return prize_words(prize)


@register.filter
def conditions(prize: Prize) -> str:
    """Where and for how long it is good; empty where it is paid at once."""
    return prize_conditions(prize)
