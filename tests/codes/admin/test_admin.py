import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from codes.models import Batch, CodeOrder, Download, PasswordReveal, PrinterProfile, PrintFile, Product, Span
from codes.sealing import unseal
from codes.services.exporting import WantedFile, request_print_file
from codes.services.spans import freeze
from codes.services.writing import write_waiting
from core import clock
from core.models import AuditEntry
from stores.models import PartnerClient
from tests.factories.codes import BatchFactory, ProductFactory, gtin_of, make_order
from tests.factories.stores import NOON, BrandFactory, UserFactory

pytestmark = pytest.mark.django_db


class Staff(Client):
    """A signed-in member of staff who reads English; of a brand with all rights, or of the platform."""

    def __init__(self, user):
        super().__init__(headers={"accept-language": "en"})
        self.user = user
        self.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def act(self, page, action, rows, follow=True, **answers):
        data = {"action": action, "_selected_action": [row.pk for row in rows], "confirmed": "yes"} | answers
        return self.post(reverse(f"admin:codes_{page}_changelist"), data, follow=follow)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


@pytest.fixture
def platform():
    return Staff(UserFactory(platform=True))


@pytest.fixture
def staff():
    user = UserFactory()
    user.user_permissions.set(Permission.objects.values_list("pk", flat=True))
    return Staff(user)


@pytest.fixture
def order(staff):
    return make_order(batch=BatchFactory(product__brand=staff.user.brand), quantity=10)


@pytest.fixture
def file(order, settings, tmp_path):
    settings.PRIVATE_FILES = tmp_path
    wanted = WantedFile(recipient="printer")
    file = request_print_file(brand=order.brand, order_id=order.pk, wanted=wanted, actor="user:ann", now=NOON)
    write_waiting(clock=clock.now, until=NOON)
    return file


PAGES = ["product", "batch", "codeorder", "printfile", "download", "passwordreveal", "span"]


@pytest.fixture
def rows(order, file):
    """The one row of each page."""
    freeze(brand=order.brand, order_id=order.pk, serials=None, actor="user:ann", now=NOON)
    Download.objects.create(file=file, taken_by="x", taken_at=NOON, sha256="0" * 64)
    PasswordReveal.objects.create(file=file, shown_to="x", shown_at=NOON)
    models = [Product, Batch, CodeOrder, PrintFile, Download, PasswordReveal, Span]
    return {page: model.objects.get() for page, model in zip(PAGES, models, strict=True)}


def test_staff_see_their_brands_rows_alone(staff, platform, rows):
    viewers = (staff, platform, Staff(UserFactory(is_superuser=True)))
    for page in rows:
        address = reverse(f"admin:codes_{page}_changelist")
        found = [viewer.get(address).context["cl"].result_count for viewer in viewers]
        assert (page, found) == (page, [1, 1, 0])


def test_each_row_has_a_page_that_is_not_there_for_others(staff, rows):
    stranger = Staff(UserFactory(is_superuser=True))
    for page, row in rows.items():
        address = reverse(f"admin:codes_{page}_change", args=[row.pk])
        assert (page, staff.get(address).status_code, stranger.get(address).status_code) == (page, 200, 404)


def test_the_list_of_orders_costs_the_same_whatever_its_length(staff, order, django_assert_max_num_queries):
    address = reverse("admin:codes_codeorder_changelist")
    staff.get(address)
    for _ in range(5):
        make_order(batch=order.batch)
    with django_assert_max_num_queries(14):
        staff.get(address)


def test_a_product_is_added_through_the_service(staff):
    form = {"gtin": gtin_of(1)[1:], "name": "大曲", "margin_fen": 100}
    staff.post(reverse("admin:codes_product_add"), form)
    product = Product.objects.get()
    assert (product.gtin, product.brand) == (gtin_of(1), staff.user.brand)
    entry = AuditEntry.objects.get(action="product.create")
    assert entry.actor == f"user:{staff.user.username}"


def test_a_wrong_check_digit_is_told_at_the_field(staff):
    answer = staff.post(reverse("admin:codes_product_add"), {"gtin": "06900000000000", "name": "x", "margin_fen": 0})
    assert "must be" in answer.context["errors"][0][0]
    assert not Product.objects.exists()


def test_a_changed_product_keeps_its_gtin_and_is_audited(staff):
    product = ProductFactory(brand=staff.user.brand, name="old")
    form = {"gtin": gtin_of(99), "name": "new", "margin_fen": 0}
    staff.post(reverse("admin:codes_product_change", args=[product.pk]), form)
    gtin = product.gtin
    product.refresh_from_db()
    assert (product.name, product.gtin) == ("new", gtin)
    entry = AuditEntry.objects.get(action="product.change")
    assert (entry.before["name"], entry.after["name"]) == ("old", "new")


def test_a_batch_is_added_and_changed(staff):
    product = ProductFactory(brand=staff.user.brand)
    staff.post(reverse("admin:codes_batch_add"), {"product": product.pk, "lot": "L1"})
    batch = Batch.objects.get()
    staff.post(reverse("admin:codes_batch_change", args=[batch.pk]), {"produced_on": "2026-01-01"})
    batch.refresh_from_db()
    assert (batch.lot, str(batch.produced_on)) == ("L1", "2026-01-01")
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["batch.create", "batch.change"]


def test_another_brands_product_can_not_be_chosen_for_a_batch(staff):
    staff.post(reverse("admin:codes_batch_add"), {"product": ProductFactory().pk, "lot": "L1"})
    assert not Batch.objects.exists()


def test_an_order_is_placed_by_the_form(staff):
    batch = BatchFactory(product__brand=staff.user.brand)
    form = {"batch": batch.pk, "roles": [1, 2], "quantity": 1000}
    staff.post(reverse("admin:codes_codeorder_add"), form)
    order = CodeOrder.objects.get()
    assert (order.state, order.quantity, order.created_by) == ("draft", 1000, f"user:{staff.user.username}")


def test_the_platform_places_an_order_for_the_batchs_brand(platform):
    batch = BatchFactory()
    platform.post(reverse("admin:codes_codeorder_add"), {"batch": batch.pk, "roles": [5], "quantity": 1})
    assert CodeOrder.objects.get().brand == batch.product.brand


@pytest.mark.parametrize("changed", [{"roles": [1, 5]}, {"roles": []}, {"quantity": 0}, {"quantity": 2**40}])
def test_an_order_that_can_not_be_is_refused_at_the_form(staff, changed):
    batch = BatchFactory(product__brand=staff.user.brand)
    form = {"batch": batch.pk, "roles": [1, 2], "quantity": 1000} | changed
    answer = staff.post(reverse("admin:codes_codeorder_add"), form)
    assert answer.context["errors"]
    assert not CodeOrder.objects.exists()


def test_an_action_asks_first(staff, order):
    answer = staff.post(
        reverse("admin:codes_codeorder_changelist"), {"action": "activate", "_selected_action": [order.pk]}
    )
    assert b"See first what it touches" in answer.content
    assert not Span.objects.exists()


def test_a_second_person_reviews_and_releases(staff):
    order = make_order(batch=BatchFactory(product__brand=staff.user.brand), state="draft")
    assert said(staff.act("codeorder", "review", [order])) == ["Review: a second person agrees: 1 done."]
    staff.act("codeorder", "release", [order])
    order.refresh_from_db()
    assert (order.state, order.reviewed_by) == ("released", f"user:{staff.user.username}")


def test_a_refused_step_is_told_and_the_others_are_taken(staff, order):
    draft = make_order(batch=order.batch, state="draft")
    messages = said(staff.act("codeorder", "release", [order, draft]))
    assert sum("draft" in message for message in messages) == 1
    assert sum("1 done" in message for message in messages) == 1


@pytest.mark.parametrize(
    ("action", "kind"), [("activate", "active"), ("void", "voided"), ("freeze", "frozen"), ("recall", "recalled")]
)
def test_a_range_of_an_order_is_spoken_of(staff, order, action, kind):
    first = order.first_serial
    staff.act("codeorder", action, [order], first_serial=first, last_serial=first + 3, reason="why")
    span = Span.objects.get()
    assert (span.kind, span.first_serial, span.last_serial, span.reason) == (kind, first, first + 3, "why")


@pytest.mark.parametrize("bounds", [{"first_serial": 5}, {"first_serial": 5, "last_serial": 4}])
def test_half_a_range_is_asked_for_again(staff, order, bounds):
    answer = staff.act("codeorder", "activate", [order], **bounds)
    assert b"Give both serials" in answer.content
    assert not Span.objects.exists()


def test_an_order_is_cancelled(staff, order):
    staff.act("codeorder", "cancel", [order])
    order.refresh_from_db()
    assert order.state == "cancelled"


def test_labels_of_a_range_are_asked_for(staff, order):
    first = order.first_serial
    staff.act(
        "codeorder", "export", [order], recipient="printer", kind="labels", first_serial=first, last_serial=first + 1
    )
    file = PrintFile.objects.get()
    assert (file.kind, file.rows_total, file.recipient) == ("labels", 4, "printer")


@pytest.mark.parametrize("action", ["review", "release", "cancel", "export", "activate", "void", "freeze", "recall"])
def test_an_action_without_its_right_is_not_offered(order, action):
    user = UserFactory(brand=order.brand)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_codeorder", "change_codeorder"]))
    Staff(user).act("codeorder", action, [order], recipient="x", kind="csv")
    order.refresh_from_db()
    assert (order.state, Span.objects.count(), PrintFile.objects.count()) == ("released", 0, 0)


def test_another_brands_order_can_not_be_acted_upon(staff):
    other = make_order()
    staff.act("codeorder", "activate", [other])
    assert not Span.objects.exists()


def test_a_sample_mark_is_drawn_for_whoever_may_export(staff, order):
    address = reverse("admin:codes_codeorder_mark", args=[order.pk, order.first_serial, 2, "svg"])
    assert address.encode() in staff.get(reverse("admin:codes_codeorder_change", args=[order.pk])).content
    answer = staff.get(address)
    assert answer.content.startswith(b"<svg")
    assert AuditEntry.objects.filter(action="mark.draw").count() == 1


def test_a_sample_mark_is_not_drawn_for_others(staff, order):
    address = reverse("admin:codes_codeorder_mark", args=[order.pk, order.first_serial, 2, "svg"])
    assert Staff(UserFactory(brand=order.brand)).get(address).status_code == 403
    assert Staff(UserFactory(is_superuser=True)).get(address).status_code == 404
    missing = reverse("admin:codes_codeorder_mark", args=[order.pk, order.first_serial, 5, "svg"])
    assert staff.get(missing).status_code == 404


def test_an_order_that_is_not_released_shows_no_samples(staff):
    order = make_order(batch=BatchFactory(product__brand=staff.user.brand), state="draft")
    answer = staff.get(reverse("admin:codes_codeorder_change", args=[order.pk]))
    assert b"/marks/" not in answer.content


def test_a_download_is_confirmed_and_then_streamed(staff, file):
    address = reverse("admin:codes_printfile_take", args=[file.pk])
    assert b"The download is recorded" in staff.get(address).content
    assert not Download.objects.exists()
    answer = staff.post(address, {"confirmed": "yes"})
    assert b"".join(answer.streaming_content).startswith(b"serial,role,code,url")
    assert Download.objects.get().taken_by == f"user:{staff.user.username}"


def test_a_spent_file_is_not_given_again_until_more_is_granted(staff, file):
    address = reverse("admin:codes_printfile_take", args=[file.pk])
    for _ in range(3):
        b"".join(staff.post(address).streaming_content)
    refused = staff.post(address, follow=True)
    assert "taken away as often" in said(refused)[0]
    staff.act("printfile", "grant", [file], more=1)
    assert staff.post(address).streaming


def test_a_file_is_not_given_without_the_right(file):
    address = reverse("admin:codes_printfile_take", args=[file.pk])
    assert Staff(UserFactory(brand=file.order.brand)).post(address).status_code == 403
    assert Staff(UserFactory(is_superuser=True)).post(address).status_code == 404
    assert not Download.objects.exists()


def test_a_failed_file_is_tried_again(staff, file):
    PrintFile.objects.update(state="failed", fault="The disk is full.")
    staff.act("printfile", "retry", [file])
    file.refresh_from_db()
    assert file.state == "waiting"


def test_a_statement_is_taken_back(staff, order):
    span = freeze(brand=order.brand, order_id=order.pk, serials=None, actor="user:ann", now=NOON)
    staff.act("span", "take_back", [span], reason="good after all")
    span.refresh_from_db()
    assert (span.revoked_by, span.revoke_reason) == (f"user:{staff.user.username}", "good after all")


@pytest.mark.parametrize(("action", "kind"), [("freeze_batches", "frozen"), ("recall_batches", "recalled")])
def test_a_batch_is_frozen_or_recalled_whole(staff, order, action, kind):
    staff.act("batch", action, [order.batch], reason="bad caps")
    assert (Span.objects.get().kind, Span.objects.get().order) == (kind, order)


def test_the_audit_trail_is_read_by_the_brand_and_never_changed(staff, platform, order):
    make_order()
    address = reverse("admin:core_auditentry_changelist")
    counts = [viewer.get(address).context["cl"].result_count for viewer in (staff, platform)]
    assert counts == [3, 6]
    assert Staff(UserFactory(brand=None, is_superuser=False)).get(address).status_code == 403
    assert staff.get(reverse("admin:core_auditentry_add")).status_code == 403


def test_a_partner_is_registered_and_its_secret_shown_once(staff):
    form = {"name": "printer", "scopes": ["codes"], "is_active": "on"}
    answer = staff.post(reverse("admin:stores_partnerclient_add"), form, follow=True)
    partner = PartnerClient.objects.get()
    assert (partner.brand, partner.scopes) == (staff.user.brand, ["codes"])
    assert any("shown this once" in message for message in said(answer))
    page = staff.get(reverse("admin:stores_partnerclient_changelist"))
    assert b"shown this once" not in page.content


def test_a_partner_is_switched_off_and_that_is_audited(staff):
    staff.post(reverse("admin:stores_partnerclient_add"), {"name": "p", "scopes": ["codes"], "is_active": "on"})
    partner = PartnerClient.objects.get()
    staff.post(reverse("admin:stores_partnerclient_change", args=[partner.pk]), {"name": "p", "scopes": ["codes"]})
    partner.refresh_from_db()
    assert partner.is_active is False
    assert AuditEntry.objects.get(action="partner.change").after == {"is_active": False}


def test_partners_are_the_brands_own():
    brand = BrandFactory()
    user = UserFactory(brand=brand, is_superuser=True)
    assert Staff(user).get(reverse("admin:stores_partnerclient_changelist")).context["cl"].result_count == 0


@pytest.fixture
def encrypted(order, settings, tmp_path):
    settings.PRIVATE_FILES = tmp_path
    wanted = WantedFile(recipient="printer", kind="zip")
    file = request_print_file(brand=order.brand, order_id=order.pk, wanted=wanted, actor="user:ann", now=NOON)
    write_waiting(clock=clock.now, until=NOON)
    return file


def test_a_password_is_confirmed_and_then_shown_on_a_page_that_nobody_keeps(staff, encrypted):
    address = reverse("admin:codes_printfile_password", args=[encrypted.pk])
    assert address.encode() in staff.get(reverse("admin:codes_printfile_changelist")).content
    assert b"It is recorded" in staff.get(address).content
    assert not PasswordReveal.objects.exists()
    encrypted.refresh_from_db()
    answer = staff.post(address, {"confirmed": "yes"})
    assert unseal(encrypted.sealed_password).encode() in answer.content
    assert "no-store" in answer["Cache-Control"]
    assert PasswordReveal.objects.get().shown_to == f"user:{staff.user.username}"


def test_whoever_was_shown_the_password_is_told_that_another_takes_the_file(staff, encrypted):
    staff.post(reverse("admin:codes_printfile_password", args=[encrypted.pk]))
    refused = staff.post(reverse("admin:codes_printfile_take", args=[encrypted.pk]), follow=True)
    assert said(refused) == ["The file and its password go to different people: you have had the other one."]


def test_whoever_took_the_file_is_told_that_another_reads_the_password(staff, encrypted):
    b"".join(staff.post(reverse("admin:codes_printfile_take", args=[encrypted.pk])).streaming_content)
    refused = staff.post(reverse("admin:codes_printfile_password", args=[encrypted.pk]), follow=True)
    assert said(refused) == ["The file and its password go to different people: you have had the other one."]


def test_a_password_is_not_shown_without_the_right(encrypted):
    address = reverse("admin:codes_printfile_password", args=[encrypted.pk])
    assert Staff(UserFactory(brand=encrypted.order.brand)).post(address).status_code == 403
    assert Staff(UserFactory(is_superuser=True)).post(address).status_code == 404
    assert not PasswordReveal.objects.exists()


def test_an_expired_file_has_no_button_until_it_is_prolonged(staff, file):
    button = reverse("admin:codes_printfile_take", args=[file.pk]).encode()
    listed = reverse("admin:codes_printfile_changelist")
    PrintFile.objects.update(expires_at=NOON)
    assert button not in staff.get(listed).content
    refused = staff.post(button.decode(), follow=True)
    assert "prolong" in said(refused)[0]
    staff.act("printfile", "prolong", [file], days=3)
    assert button in staff.get(listed).content


def test_a_printer_profile_is_added_chosen_and_retired(staff, order):
    form = {"name": "tabs", "columns": "code,serial", "delimiter": "tab", "line_ending": "lf"}
    staff.post(reverse("admin:codes_printerprofile_add"), form)
    profile = PrinterProfile.objects.get()
    assert (profile.columns, profile.brand, profile.has_header) == (["code", "serial"], staff.user.brand, False)
    staff.act("codeorder", "export", [order], recipient="printer", kind="csv", profile="tabs")
    assert PrintFile.objects.get().profile == profile
    staff.act("printerprofile", "retire", [profile])
    profile.refresh_from_db()
    assert profile.retired_at is not None


def test_a_printer_profile_that_can_not_be_comes_back_with_the_reason(staff):
    form = {"name": "tabs", "columns": "serial", "delimiter": "tab", "line_ending": "lf"}
    answer = staff.post(reverse("admin:codes_printerprofile_add"), form)
    assert "code or url" in answer.context["errors"][0][0]
    assert not PrinterProfile.objects.exists()
