import pytest
from django.urls import reverse

from codes.cases.thresholds import DEFAULTS
from codes.models import CaseRemark, CaseRule, MarketCase
from config.staff import GROUPS
from stores.services.groups import install_group
from tests.factories.sightings import JINGZHOU, LATER, Scene, hours
from tests.factories.stores import BrandFactory, RegionFactory, UserFactory
from tests.factories.supply import moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    scene = Scene()
    for number in range(20):
        scene.scan(number, JINGZHOU, at=LATER + hours(number), person=f"person {number}")
    store = scene.store_at(dealer=scene.dealer_of("421000"))
    moved("receive", store, scene.goods.case(0), at=LATER)
    return scene


@pytest.fixture
def case(scene):
    (case,) = scene.examine()
    return case


@pytest.fixture
def manager(client, case):
    user = UserFactory(brand=case.brand, username="manager")
    user.groups.add(install_group("Brand manager", GROUPS["Brand manager"]))
    client.force_login(user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return user


def page_of(case):
    return reverse("admin:codes_marketcase_change", args=[case.pk])


LIST = "admin:codes_marketcase_changelist"


def chosen(client, action, case, **answers):
    return client.post(reverse(LIST), {"action": action, "_selected_action": [case.pk], "confirmed": "yes"} | answers)


def test_the_work_list_shows_what_is_to_be_done_first(client, manager, case):
    page = client.get(reverse(LIST)).content.decode()
    assert all(text in page for text in (str(case.dealer), "20 · 20 · 20"))
    listed = {work: client.get(reverse(LIST), {"work": work}).context["cl"].result_count for work in WORK}
    assert listed == {"": 1, "mine": 0, "closed": 0, "all": 1}


WORK = ("", "mine", "closed", "all")


def test_a_case_is_told_with_its_reasons_places_and_evidence(client, manager, case):
    page = client.get(page_of(case)).content.decode()
    told = (
        "Different units of the shipment seen there: 20 (from 5 on)",
        "15 items received",
        "地区421002",
        "km outside",
    )
    assert [text for text in told if text not in page] == []
    assert "person 3" not in page


def test_staff_take_a_case_up_remark_and_close_it_on_its_page(client, manager, case):
    given = client.post(page_of(case), {"deed": "assign", "assign-assignee": manager.pk}, follow=True)
    assert "manager" in given.content.decode()
    client.post(page_of(case), {"deed": "remark", "remark-remark": "已到店核实"})
    client.post(page_of(case), {"deed": "close", "close-outcome": "taken_back", "close-remark": ""})
    row = MarketCase.objects.get()
    assert (row.assignee, row.outcome, row.closed_by) == (manager, "taken_back", "user:manager")
    assert CaseRemark.objects.get().text == "已到店核实"
    client.post(page_of(case), {"deed": "reopen", "reopen-remark": "又出现了"})
    new = MarketCase.objects.latest("pk")
    assert new.previous == row
    assert f"#{row.pk}" in client.get(page_of(new)).content.decode()
    assert f"#{new.pk}" in client.get(page_of(row)).content.decode()


def test_what_is_refused_is_said_at_the_form(client, manager, case):
    nothing = client.post(page_of(case), {"deed": "close", "close-outcome": "", "close-remark": ""})
    assert "This field is required" in nothing.content.decode()
    client.post(page_of(case), {"deed": "close", "close-outcome": "confirmed"})
    client.post(page_of(case), {"deed": "reopen", "reopen-remark": "x"})
    again = client.post(page_of(case), {"deed": "reopen", "reopen-remark": "x"})
    assert "A case about this is open already." in again.content.decode()
    assert client.post(page_of(case), {"deed": "nonsense"}).status_code == 200


def test_several_cases_are_taken_up_given_and_closed_at_once(client, manager, case):
    chosen(client, "take_up", case)
    assert MarketCase.objects.get().assignee == manager
    other = UserFactory(brand=case.brand)
    chosen(client, "assign", case, assignee=other.pk)
    assert MarketCase.objects.get().assignee == other
    chosen(client, "close", case, outcome="permitted", remark="")
    assert MarketCase.objects.get().outcome == "permitted"


def test_the_page_of_a_shipment_tells_where_it_was_seen(client, manager, case):
    page = client.get(reverse("admin:codes_shipment_places", args=[case.shipment_id])).content.decode()
    assert all(text in page for text in ("30 items moved; 20 of them", "地区421000", "15 items"))
    assert client.get(reverse("admin:codes_shipment_places", args=[0])).status_code == 404
    movement = client.get(reverse("admin:codes_movement_to_places", args=[case.shipment_id]))
    assert movement["Location"] == reverse("admin:codes_shipment_places", args=[case.shipment_id])


def test_who_may_only_look_works_on_nothing_and_others_see_nothing(client, case):
    reader = UserFactory(brand=case.brand)
    client.force_login(reader)
    places = reverse("admin:codes_shipment_places", args=[case.shipment_id])
    assert [client.get(path).status_code for path in (page_of(case), places)] == [403, 403]
    reader.groups.add(install_group("Reader", ["codes.view_marketcase", "codes.view_movement"]))
    page = client.get(page_of(case))
    assert page.context["forms"] == []
    client.post(page_of(case), {"deed": "close", "close-outcome": "confirmed"})
    assert MarketCase.objects.get().state == "open"
    client.force_login(UserFactory(brand=BrandFactory(), is_superuser=True))
    assert [client.get(path).status_code for path in (page_of(case), places)] == [404, 404]
    assert client.get(reverse(LIST)).context["cl"].result_count == 0


def test_a_brand_s_rule_is_set_by_its_administrator(client, case):
    client.force_login(UserFactory(brand=case.brand, is_superuser=True))
    address = reverse("admin:codes_caserule_add")
    RegionFactory(code="460200")
    client.post(address, DEFAULTS | {"units_at_least": 9, "travel": "460200 30%\n"})
    rule = CaseRule.objects.get()
    assert (rule.thresholds, rule.travel) == ({"units_at_least": 9}, {"460200": 0.3})
    change = reverse("admin:codes_caserule_change", args=[case.brand_id])
    page = client.get(change).content.decode()
    assert "460200 30%" in page
    assert client.post(change, DEFAULTS | {"travel": ""}).status_code == 302
    rule.refresh_from_db()
    assert (rule.thresholds, rule.travel) == ({}, {})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"units_at_least": "0"}, "greater than or equal to 1"),
        ({"share_at_least": "2"}, "less than or equal to"),
        ({"travel": "460200 much"}, "“460200 much”: write a region's code and per cent, such as 460200 30%."),
        ({"travel": "460200 200%"}, "the share of 460200 must be between 0 and 1, not 2.0"),
        ({"travel": "999999 5%"}, "Unknown: 999999."),
    ],
)
def test_what_makes_no_sense_in_a_rule_is_told_at_its_field(client, case, wrong, said):
    client.force_login(UserFactory(brand=case.brand, is_superuser=True))
    answer = client.post(
        reverse("admin:codes_caserule_add"), DEFAULTS | {"travel": ""} | wrong, headers={"accept-language": "en"}
    )
    assert said in answer.context["adminform"].form.errors[next(iter(wrong))][0]
    assert not CaseRule.objects.exists()
