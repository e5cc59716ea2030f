"""Statements of account: a page, and the same as CSV and XLSX."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.forms import require_valid
from rewards.admin.brand_books import brand_of, brands_to_choose
from rewards.admin.statement_form import StatementForm, cursor_of
from rewards.downloads import table_answer
from rewards.models import Posting
from rewards.models.ledger import AccountKind
from rewards.selectors.statements import Line, Scope, lines_of, page_of
from rewards.sheets.tables import Cell

FEN = 100


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a posting is for: a word, and the address of the thing where it has a page."""

    text: str
    address: str = ""


def purposes_of(posting: Posting) -> list[Purpose]:
    """Campaign, and what moved its money: a transfer, or a claim with its payee and bill. No query."""
    campaign = posting.from_account.campaign
    found = [Purpose(campaign.name, reverse("admin:rewards_campaign_change", args=[campaign.pk]))]
    transfer = getattr(posting, "transfer", None)
    if transfer is not None:
        address = reverse("admin:rewards_transfer_change", args=[transfer.pk])
        found.append(Purpose(_("transfer %(number)s") % {"number": transfer.pk}, address))
    if posting.grant is not None:
        claim = posting.grant.claim_id
        address = reverse("admin:rewards_claim_change", args=[claim])
        found.append(Purpose(_("item %(serial)s") % {"serial": claim}, address))
        address = reverse("admin:rewards_grant_change", args=[posting.grant_id])
        found.append(Purpose(payee_of(posting), address))
    if posting.payout is not None:
        address = reverse("admin:rewards_payout_change", args=[posting.payout_id])
        found.append(Purpose(_("bill …%(end)s") % {"end": posting.payout.bill_no[-6:]}, address))
    return found


def payee_of(posting: Posting) -> str:
    """The kind of payee, and the member code or the name of owner or salesperson."""
    grant = posting.grant
    assert grant is not None
    name = grant.consumer.c_code if grant.consumer else str(grant.store_owner or grant.salesperson or "")
    return f"{grant.get_payee_display()} {name}".strip()


def other_side(line: Line) -> AccountKind:
    """Where the money came from, or went to."""
    posting = line.posting
    return AccountKind((posting.from_account if line.change_fen > 0 else posting.to_account).kind)


def statement_page(page: Any, request: HttpRequest) -> HttpResponse:
    """A page of lines with its opening and closing balance."""
    brand = brand_of(request)
    form = StatementForm(brand, request.GET)
    shown = None
    if form.is_valid():
        scope = form.scope()
        found = page_of(scope, after=cursor_of(request.GET.get("after", "")))
        lines = [(line, other_side(line).label, purposes_of(line.posting)) for line in found.lines]
        shown = {"page": found, "lines": lines, "kind": scope.kind.label}
    query = request.GET.copy()
    query.pop("after", None)
    facts = {
        "title": _("Statement of account"),
        "opts": page.opts,
        "brand": brand,
        "brands": brands_to_choose(request),
        "form": form,
        "shown": shown,
        "query": query.urlencode(),
        "is_later": bool(request.GET.get("after")),
    }
    return TemplateResponse(request, "admin/rewards/statement.html", page.admin_site.each_context(request) | facts)


def statement_file(request: HttpRequest) -> HttpResponseBase:
    """The whole statement, streamed.

    Raises:
        Invalid: what it shall be about.
    """
    brand = brand_of(request)
    form = StatementForm(brand, request.GET)
    require_valid(form)
    scope = form.scope()
    name = f"statement-{brand.slug}-{scope.kind}"
    form_asked = request.GET.get("format", "")
    return table_answer(heading(), rows_of(scope), name=name, sheet=_("Statement"), form=form_asked)


def heading() -> list[str]:
    """The columns."""
    return [
        *(_("Number"), _("Day"), _("Posted at (UTC)"), _("Why"), _("Counter account"), _("For")),
        *(_("In (yuan)"), _("Out (yuan)"), _("Balance (yuan)"), _("Posted by")),
    ]


def rows_of(scope: Scope) -> Iterator[list[Cell]]:
    """The lines as cells, between the opening and the closing balance."""
    balance = opening = None
    for line in lines_of(scope):
        if opening is None:
            opening = line.balance_fen - line.change_fen
            yield balance_row(_("Opening balance"), opening)
        balance = line.balance_fen
        posting = line.posting
        yield [
            posting.pk,
            posting.day.isoformat(),
            f"{posting.posted_at:%Y-%m-%d %H:%M:%S}",
            str(posting.get_reason_display()),
            str(other_side(line).label),
            " · ".join(purpose.text for purpose in purposes_of(posting)),
            *(in_yuan(line.in_fen), in_yuan(line.out_fen), in_yuan(line.balance_fen)),
            posting.posted_by,
        ]
    if balance is not None:
        yield balance_row(_("Closing balance"), balance)


def balance_row(words: str, fen: int) -> list[Cell]:
    """A row that says what stands there."""
    return ["", "", "", words, "", "", "", "", in_yuan(fen), ""]


def in_yuan(fen: int) -> Decimal:
    """Exactly, with two decimals."""
    return Decimal(fen).scaleb(-2)
