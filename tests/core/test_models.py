import pytest

from core.models import AuditEntry, IdempotentCall


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (
            AuditEntry(actor="user:ann", action="order.place", object_kind="codeorder", object_id="7"),
            "order.place: 7 (user:ann)",
        ),
        (IdempotentCall(client="client:erp", key="k1"), "client:erp k1"),
    ],
)
def test_a_row_is_told_by_a_line_of_text(row, text):
    assert str(row) == text
