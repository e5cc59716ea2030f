from django import template

from rewards.templatetags.money import yuan

register = template.Library()


@register.filter
def signed_yuan(fen: int) -> str:
    """As `yuan`, with a sign in front of what is below zero."""
    return f"−{yuan(-fen)}" if fen < 0 else yuan(fen)
