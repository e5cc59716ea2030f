import pytest

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.formats.serials import SerialRange
from codes.models import Packing
from codes.selectors.contents import children_of
from tests.codes.api.partners import Partner
from tests.factories.supply import make_goods, make_packed_goods

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods():
    return make_goods()


@pytest.fixture
def partner(goods):
    return Partner(goods.brand, scopes=["supply"])


def row(goods, case, item):
    encode = code_cipher().encode
    return {"parent": encode(Role.CASE_OUTER, goods.case(case)), "child": encode(Role.ITEM_OUTER, goods.item(item))}


def test_a_list_is_packed_and_its_bad_rows_are_named(goods, partner):
    body = {"choice": "take_good", "rows": [row(goods, 0, 0), {"parent": "", "child": "K7"}]}
    answer = partner.send("packing-lists", body)
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "rows": 2,
            "sound": 1,
            "repeated": 0,
            "bad": 1,
            "packings": 1,
            "bad_rows": [{"line": 2, "fault": "malformed", "part": "parent", "code": "•" * 11, "serial": None}],
        },
    )


def test_a_list_refused_whole_is_a_problem_that_names_all_bad_rows(goods, partner):
    body = {"choice": "refuse_all", "rows": [row(goods, 0, 0), {"parent": "", "child": "K7"}]}
    answer = partner.send("packing-lists", body)
    told = answer.json()
    assert (answer.status_code, told["code"], [bad["line"] for bad in told["rows"]]) == (409, "bad_rows", [2])
    assert not Packing.objects.exists()


def test_there_is_no_choice_by_default(goods, partner):
    answer = partner.send("packing-lists", {"rows": [row(goods, 0, 0)]})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["choice"])


def test_a_judgement_writes_nothing(goods, partner):
    told = partner.send("packing-lists/judgement", {"rows": [row(goods, 0, 0)]})
    assert (told.status_code, told.json()["sound"], Packing.objects.count()) == (200, 1, 0)


def test_a_case_is_emptied_whole_or_in_part():
    goods = make_packed_goods()
    partner = Partner(goods.brand, scopes=["supply"])
    part = partner.send("unpackings", {"children": {"first": goods.item(0), "last": goods.item(1)}})
    assert (part.status_code, part.json()) == (201, {"taken_out": 2})
    assert children_of(goods.case(0)) == [SerialRange(goods.item(2), goods.item(5))]
    assert partner.send("unpackings", {"parents": [goods.case(0)]}).json() == {"packings_ended": 1}
    assert children_of(goods.case(0)) == []


def test_either_parents_or_children_are_unpacked(partner):
    assert list(partner.send("unpackings", {}).json()["fields"]) == ["parents"]


def test_units_are_repacked():
    goods = make_packed_goods()
    partner = Partner(goods.brand, scopes=["supply"])
    body = {"packings": [{"parent": goods.case(1), "first": goods.item(0)}]}
    assert partner.send("repackings", body).json() == {"moved": 1}
