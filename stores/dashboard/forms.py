"""What people fill in on the dashboard."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.http import QueryDict

from stores.ladder import Step
from stores.selectors.overview import ORDERS, Wanted

QUERY_LENGTH = 80


class SignInForm(AuthenticationForm):
    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}


def wanted_of(query: QueryDict) -> Wanted:
    """The choice that an address carries; what makes no sense in it falls back to the default."""
    step, page, order = query.get("step", ""), query.get("page", ""), query.get("sort", "")
    return Wanted(
        query=query.get("q", "").strip().replace("\x00", "")[:QUERY_LENGTH],
        step=Step(int(step)) if step in {str(int(each)) for each in Step} else None,
        order=order if order in ORDERS else "today",
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 9 else 1,  # noqa: PLR2004 - fits an integer
    )
