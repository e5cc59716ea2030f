"""Everything that is kept about one consumer, for themselves."""

from typing import Any

from consumers.exports import chapters
from consumers.models import Consumer


def export_of(consumer: Consumer) -> dict[str, Any]:
    """JSON-ready: the profile, identities and consents, and a list per chapter of the higher rooms."""
    own: dict[str, Any] = {
        "profile": {
            "id": consumer.pk,
            "c_code": consumer.c_code,
            "name": consumer.name,
            "created_at": consumer.created_at,
        },
        "identities": list(consumer.identities.order_by("pk").values("provider", "subject")),
        "consents": list(
            consumer.consents.order_by("pk").values("purpose", "version", "given_at", "withdrawn_at"),
        ),
    }
    return own | {name: chapter(consumer) for name, chapter in chapters().items()}
