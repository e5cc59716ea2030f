from django import template

register = template.Library()


@register.filter
def yuan(fen: int) -> str:
    """Integer fen as people write yuan: 123456 is ¥1,234.56."""
    return f"¥{fen // 100:,}.{fen % 100:02d}"
