import pytest

from codes.formats.code_text import Role
from codes.services.drawing import WantedMark, draw_mark
from codes.services.ordering import OrderState
from codes.services.spans import SerialsOutsideOrder
from core.errors import Invalid, NotFound
from core.models import AuditEntry
from tests.factories.codes import make_order
from tests.factories.stores import NOON, BrandFactory

pytestmark = pytest.mark.django_db


def draw(order, brand=None, serial=None, role=Role.ITEM_INNER, form="svg"):
    wanted = WantedMark(order.pk, serial or order.first_serial, role)
    return draw_mark(brand=brand or order.brand, wanted=wanted, form=form, actor="user:ann", now=NOON)


@pytest.mark.parametrize(("form", "start"), [("svg", b"<svg "), ("png", b"\x89PNG")])
def test_a_mark_is_drawn_and_audited(form, start):
    order = make_order()
    assert draw(order, form=form).startswith(start)
    entry = AuditEntry.objects.get(action="mark.draw")
    assert entry.after == {"serial": order.first_serial, "role": "item_inner", "form": form}


def test_a_serial_of_another_order_is_refused():
    order = make_order(quantity=10)
    with pytest.raises(SerialsOutsideOrder):
        draw(order, serial=order.last_serial + 1)


def test_a_role_that_the_order_has_not_is_refused():
    with pytest.raises(Invalid) as refusal:
        draw(make_order(roles=(Role.ITEM_OUTER,)))
    assert "item_outer" in refusal.value.fields["role"][0]


def test_an_order_that_is_not_released_is_not_drawn():
    with pytest.raises(OrderState):
        draw(make_order(state="reviewed"))


def test_another_brands_order_is_not_there():
    with pytest.raises(NotFound):
        draw(make_order(), brand=BrandFactory())
