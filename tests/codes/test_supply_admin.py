import pytest
from django.urls import reverse

from tests.factories.stores import StoreFactory, UserFactory
from tests.factories.supply import make_packed_goods, moved

pytestmark = pytest.mark.django_db


def test_staff_read_packings_and_movements_of_their_brand_alone(client):
    goods = make_packed_goods()
    movement = moved("ship", StoreFactory(brand=goods.brand), goods.case(0))
    client.force_login(UserFactory(is_superuser=True))
    assert client.get(reverse("admin:codes_movement_change", args=[movement.pk])).status_code == 404
    client.force_login(UserFactory(brand=goods.brand, is_superuser=True))
    assert client.get(reverse("admin:codes_movement_change", args=[movement.pk])).status_code == 200
    assert client.get(reverse("admin:codes_packing_changelist")).status_code == 200
    assert client.get(reverse("admin:codes_packing_add")).status_code == 403
