"""Names of the ladder's steps in templates."""

from django import template

from stores.models.standing import Step

register = template.Library()


@register.filter
def step_name(step: int) -> str:
    """The step's name in the present language."""
    return str(Step(step).label)
