"""Statements of account and the trial balance: every line adds up, and costs no query of its own."""

import csv
import datetime as dt
import io
import re
import zipfile
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rewards.models import Account, Posting
from rewards.models.ledger import AccountKind
from rewards.selectors.books import balances_at
from rewards.selectors.statements import Cursor, Scope, lines_of, page_of
from rewards.selectors.trial_balance import trial_balance
from rewards.services.campaigns import top_up_campaign
from rewards.services.claims import open_claim
from rewards.services.closing import close_day
from rewards.services.transfers import Wish, approve_transfer, ask_transfer
from rewards.sheets import tables
from rewards.sheets.tables import csv_pieces, xlsx_file
from tests.factories.campaigns import ConsumerFactory, active_order, opened, running_campaign
from tests.factories.kept import anew
from tests.factories.promises import Payee, market, promise
from tests.factories.stores import NOON, BrandFactory, SalespersonFactory, StoreFactory, StoreOwnerFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = NOON.date()
ONE = dt.timedelta(days=1)
STATEMENT = reverse("admin:rewards_account_statement")
FILE = reverse("admin:rewards_account_statement_file")
TRIAL = reverse("admin:rewards_account_trial")
BUDGET = AccountKind.BUDGET


def world():
    """Funded with 10,000 on the first day; 3 × 100 promised on it, 2 × 100 on the next."""
    campaign = market(budget_fen=10_000)
    promise(campaign, 3)
    promise(campaign, 2, now=NOON + ONE)
    return campaign


@pytest.fixture
def campaign(kept_world, db):
    return anew(kept_world, "brand")


def scope(campaign, **more):
    return Scope(**{"brand_id": campaign.brand_id, "kind": BUDGET} | more)


@pytest.fixture
def staff(client, campaign):
    client.force_login(UserFactory(brand=campaign.brand, is_superuser=True))
    return client


def shown(client, address=STATEMENT, **query):
    return client.get(address, query, headers={"accept-language": "en"})


def changes(lines):
    return [(line.change_fen, line.balance_fen) for line in lines]


def test_every_line_has_the_balance_after_it(campaign):
    page = page_of(scope(campaign))
    assert changes(page.lines) == [(10_000, 10_000), *((-100, 10_000 - 100 * n) for n in range(1, 6))]
    assert (page.opening_fen, page.closing_fen, page.final_fen, page.next) == (0, 9_500, 9_500, None)
    assert (page.lines[0].in_fen, page.lines[1].out_fen) == (10_000, 100)


def test_pages_follow_each_other_without_a_gap(campaign):
    whole = page_of(scope(campaign)).lines
    found, after, balances = [], None, [0]
    while True:
        page = page_of(scope(campaign), after=after, length=2)
        assert (page.opening_fen, page.final_fen) == (balances[-1], 9_500)
        balances.append(page.closing_fen)
        found += page.lines
        after = page.next
        if after is None:
            break
    assert changes(found) == changes(whole) == changes(lines_of(scope(campaign)))
    assert balances == [0, 9_900, 9_700, 9_500]


def test_days_bound_a_statement_and_what_was_before_is_its_opening_balance(campaign):
    second = page_of(scope(campaign, first=DAY + ONE))
    assert (second.opening_fen, len(second.lines), second.closing_fen) == (9_700, 2, 9_500)
    first = page_of(scope(campaign, last=DAY), length=2)
    assert (first.opening_fen, first.closing_fen, first.final_fen) == (0, 9_900, 9_700)
    assert page_of(scope(campaign, first=DAY + 2 * ONE)).opening_fen == 9_500


def test_a_statement_is_of_a_brand_a_campaign_or_a_payee(campaign):
    owner = StoreOwnerFactory(brand=campaign.brand)
    promise(campaign, 2, amount_fen=30, payee=Payee(owner=owner))
    consumer = campaign.grants.filter(consumer__isnull=False).first().consumer
    reserved = {"kind": AccountKind.RESERVED}
    assert page_of(scope(campaign, campaign_id=campaign.pk)).closing_fen == 9_440
    assert page_of(scope(campaign, store_owner_id=owner.pk, **reserved)).closing_fen == 60
    assert page_of(scope(campaign, consumer_id=consumer.pk, **reserved)).closing_fen == 100
    assert page_of(scope(market(budget_fen=7))).closing_fen == 7


def test_a_page_of_a_statement_costs_at_most_three_queries_however_long_it_is(campaign):
    counts = []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as queries:
            list(page_of(scope(campaign, first=DAY), length=3).lines)
        counts.append(len(queries))
        promise(campaign, 5)
    assert counts == [3, 3]


def test_the_page_shows_what_each_posting_is_for_and_asks_no_more_for_more_rows(staff, campaign):
    wish = Wish(direction="pay_in", amount_fen=5)
    asked = ask_transfer(campaign_id=campaign.pk, brand=campaign.brand, wish=wish, actor="user:a", now=NOON)
    transfer = approve_transfer(transfer_id=asked.pk, brand=campaign.brand, actor="user:b", now=NOON)
    counts = []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as queries:
            page = shown(staff).content.decode()
        counts.append(len(queries))
        promise(campaign, 5)
    assert counts[0] == counts[1]
    claim = campaign.grants.first().claim
    for address in (
        reverse("admin:rewards_campaign_change", args=[campaign.pk]),
        reverse("admin:rewards_transfer_change", args=[transfer.pk]),
        reverse("admin:rewards_claim_change", args=[claim.pk]),
    ):
        assert f'href="{address}"' in page
    assert "¥95.05" in page


def test_a_bill_is_named_by_the_end_of_its_number(client):
    order = active_order()
    campaign = running_campaign(order)
    client.force_login(UserFactory(brand=campaign.brand, is_superuser=True))
    grant = promise_and_bill(campaign, order)
    page = shown(client, kind="payable").content.decode()
    assert f"bill …{grant.payouts.get().bill_no[-6:]}" in page


def promise_and_bill(campaign, order):
    consumer = ConsumerFactory(brand=order.brand)
    scan = opened(order, order.first_serial, consumer)
    open_claim(scan_id=scan.pk, consumer=consumer, visitor="", now=NOON)
    return campaign.grants.get()


def test_pages_lead_on_by_a_cursor_and_nonsense_begins_at_the_beginning(staff, campaign):
    promise(campaign, 60)
    first = shown(staff)
    after = first.context["shown"]["page"].next
    later = shown(staff, after=str(after))
    assert "Brought forward" in later.content.decode()
    assert later.context["shown"]["page"].opening_fen == first.context["shown"]["page"].closing_fen
    for nonsense in ("x", "2026-13-01.5", "2026-01-01.x", "."):
        assert shown(staff, after=nonsense).context["shown"]["page"].opening_fen == 0
    assert shown(staff, after=f"{DAY}.{10**30}").status_code == 200
    assert str(Cursor(DAY, 7)) == f"{DAY}.7"


def test_payees_are_found_by_member_code_or_number_of_a_store(staff, campaign):
    owner = StoreOwnerFactory(brand=campaign.brand)
    StoreFactory(brand=campaign.brand, owner=owner, number="S-9")
    promise(campaign, amount_fen=30, payee=Payee(owner=owner))
    consumer = campaign.grants.filter(consumer__isnull=False).first().consumer
    for payee, fen in (("S-9", 30), (consumer.c_code, 100)):
        assert shown(staff, payee=payee, kind="reserved").context["shown"]["page"].closing_fen == fen
    assert shown(staff, payee="S-9").context["shown"]["kind"] == AccountKind.PAID.label
    SalespersonFactory(brand=campaign.brand, number="P-7")
    assert shown(staff, payee="P-7", kind="reserved").context["shown"]["page"].closing_fen == 0


def test_what_is_asked_wrongly_is_told_at_the_field(staff, campaign):
    other = market()
    wrong = {
        "payee": "nobody",
        "first": "2026-03-02",
        "last": "2026-03-01",
        "campaign": other.pk,
        "kind": "x",
    }
    page = shown(staff, **wrong)
    assert set(page.context["form"].errors) == {"payee", "last", "campaign", "kind"}
    assert page.context["shown"] is None
    assert shown(staff, FILE, **wrong).status_code == 400


def test_the_statement_is_taken_as_csv_with_its_balances(staff, campaign):
    answer = shown(staff, FILE, first=DAY, last=DAY)
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0][0] == "Number"
    assert [(row[3], row[8]) for row in rows[1:]] == [
        ("Opening balance", "0.00"),
        ("funding", "100.00"),
        ("promise", "99.00"),
        ("promise", "98.00"),
        ("promise", "97.00"),
        ("Closing balance", "97.00"),
    ]


def test_the_statement_is_taken_as_a_workbook(staff, campaign):
    answer = shown(staff, FILE, format="xlsx")
    book = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 1 + 1 + 6 + 1
    assert re.search(r"<v>95(\.00)?</v>", sheet)


def test_files_cost_no_more_queries_for_more_rows(staff, campaign):
    counts = []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as queries:
            b"".join(shown(staff, FILE).streaming_content)
        counts.append(len(queries))
        promise(campaign, 5)
    assert counts[0] == counts[1]


def test_an_empty_statement_is_a_heading_alone(staff):
    assert len(b"".join(shown(staff, FILE, kind="paid").streaming_content).decode().splitlines()) == 1


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(text):
    told = b"".join(csv_pieces(["a"], [[text, -5, Decimal("-0.05")]])).decode()
    assert next(csv.reader(io.StringIO(told.split("\r\n", 1)[1], newline="")))[:] == [f"'{text}", "-5", "-0.05"]
    book = zipfile.ZipFile(xlsx_file(["a"], [[text]], name="t"))
    assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()


def test_no_cell_is_a_link():
    book = zipfile.ZipFile(xlsx_file(["a"], [["https://one.example/"]], name="t"))
    assert "hyperlink" not in book.read("xl/worksheets/sheet1.xml").decode()


def test_long_tables_come_in_pieces_and_on_several_sheets(monkeypatch):
    monkeypatch.setattr(tables, "LINES_A_PIECE", 2)
    assert len(list(csv_pieces(["a"], [["x"]] * 5))) == 3
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    book = zipfile.ZipFile(xlsx_file(["a"], [["x"]] * 5, name="t"))
    assert len([name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]) == 3
    assert zipfile.ZipFile(xlsx_file(["a"], [], name="t")).namelist().count("xl/worksheets/sheet1.xml") == 1


def test_the_trial_balance_sums_to_zero_on_every_day(campaign):
    market(budget_fen=7)
    for day, spent in ((DAY, 300), (DAY + ONE, 200)):
        shown_day = trial_balance(campaign.brand, day)
        opening, into, out, closing = shown_day.totals
        assert (opening, closing, into == out, shown_day.holds) == (0, 0, True, True)
        rows = {row.kind: row for row in shown_day.rows}
        assert rows[BUDGET].out_fen == rows[AccountKind.RESERVED].in_fen == spent
    assert shown_day.money_in == shown_day.money_there == 10_000
    assert [row.balances for row in shown_day.campaigns] == [(-10_000, 9_500, 500, 0, 0, 0)]
    assert trial_balance(campaign.brand, DAY - ONE).campaigns == ()


def test_the_trial_balance_of_a_closed_day_is_its_snapshot(campaign):
    before = trial_balance(campaign.brand, DAY)
    closing = close_day(brand=campaign.brand, day=DAY, actor="user:a", now=NOON + ONE)
    after = trial_balance(campaign.brand, DAY)
    assert (after.rows, after.campaigns) == (before.rows, before.campaigns)
    assert (before.closing, after.closing) == (None, closing)
    assert trial_balance(campaign.brand, DAY + ONE).closing is None
    budget = Account.id_of(campaign.pk, BUDGET)
    assert balances_at(campaign.brand_id, DAY + 9 * ONE)[budget] == 9_500


def test_the_trial_balance_costs_no_more_queries_for_more_campaigns_and_days(campaign):
    counts = []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as queries:
            trial_balance(campaign.brand, DAY + ONE)
        counts.append(len(queries))
        promise(campaign, 3, now=NOON + ONE)
    assert counts[0] == counts[1] <= 7


def test_the_page_says_that_the_books_balance(staff, campaign):
    page = shown(staff, TRIAL, day=DAY.isoformat()).content.decode()
    assert "The books balance" in page
    assert "¥100.00" in page


def test_the_page_says_so_where_they_do_not(staff, campaign):
    row = Posting.objects.filter(reason="promise").values().first()
    foreign = Account.id_of(market(budget_fen=7).pk, AccountKind.RESERVED)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE rewards_posting DROP CONSTRAINT posting_on_its_route")
        Posting.objects.create(**row | {"id": None, "grant_id": None, "to_account_id": foreign})
    page = shown(staff, TRIAL, day=DAY.isoformat()).content.decode()
    assert "The books do not balance" in page


def test_finance_closes_the_next_day_by_hand(staff, campaign):
    assert "Close this day for good" in shown(staff, TRIAL, day=DAY.isoformat()).content.decode()
    assert "The next day to be closed is" in shown(staff, TRIAL, day=(DAY + ONE).isoformat()).content.decode()
    close = reverse("admin:rewards_closing_close")
    headers = {"accept-language": "en"}
    done = staff.post(close, {"day": DAY.isoformat()}, follow=True, headers=headers).content.decode()
    assert f"{DAY} is closed." in done
    assert "Closed by user:" in done
    again = staff.post(close, {"day": "x"}, follow=True, headers=headers).content.decode()
    assert "Days are closed one after the other" in again
    assert staff.get(close).status_code == 405
    listed = staff.get(reverse("admin:rewards_closing_changelist")).content.decode()
    assert "¥103.00" in listed


def test_a_day_that_is_no_day_is_today(staff):
    assert shown(staff, TRIAL, day="x").status_code == shown(staff, TRIAL, day="0001-01-01").status_code == 200
    assert "This day is open" in shown(staff, TRIAL).content.decode()


@pytest.mark.parametrize("address", [STATEMENT, FILE, TRIAL])
def test_books_are_for_those_who_may_see_postings_and_of_their_brand_alone(client, campaign, address):
    client.force_login(UserFactory(brand=campaign.brand, is_staff=True))
    assert client.get(address).status_code == 403
    client.force_login(UserFactory(brand=BrandFactory(), is_superuser=True))
    assert "¥95.00" not in str(b"".join(shown(client, address)))
    client.force_login(UserFactory(platform=True))
    assert b"95.00" in b"".join(shown(client, address, brand=campaign.brand.slug, day=(DAY + ONE).isoformat()))
    assert shown(client, address, brand="nobody").status_code == 404


def test_a_top_up_is_in_the_statement_of_its_day(campaign):
    top_up_campaign(campaign_id=campaign.pk, brand=campaign.brand, amount_fen=9, actor="user:a", now=NOON)
    assert page_of(scope(campaign, first=DAY, last=DAY)).closing_fen == 9_709
