"""Where payment providers call us. Nobody is called from here, and nothing is believed that is not signed."""

import datetime as dt
from collections.abc import Callable
from typing import ClassVar

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core import clock
from core.errors import NotFound, Problem
from core.problems import TooLarge, response_of
from rewards.providers.notices import Notice, NoticeRefused
from rewards.providers.signing import SignatureRefused
from rewards.services import alipay as alipay_here
from rewards.services import wechatpay as wechatpay_here
from rewards.services.notices import Told, apply_notice

log = structlog.get_logger(__name__)
LONGEST_BODY = 65_536


class NotSigned(Problem):
    """`reason` names what was wrong with the signature."""

    code = "not_signed"
    status: ClassVar[int] = 401
    title = _("The signature is missing or wrong.")


class NoticeUnfit(Problem):
    """`reason` names what was wrong with the content."""

    code = "notice_unfit"
    status: ClassVar[int] = 422
    title = _("The notice is not one about a bill of ours, or contradicts what we know of it.")


Read = Callable[[HttpRequest, bytes, dt.datetime], Notice]


@csrf_exempt
@require_POST
def wechatpay(request: HttpRequest) -> HttpResponse:
    """WeChat Pay's callback: 204 when the notice was taken, now or before; else a problem, and it will call again."""
    read = read_wechatpay if settings.WECHATPAY else None
    return answer_to(request, "wechatpay", read) or HttpResponse(status=204)


@csrf_exempt
@require_POST
def alipay(request: HttpRequest) -> HttpResponse:
    """Alipay's notice: its word for "taken" when it was, now or before; else a problem, and it will call again."""
    read = read_alipay if settings.ALIPAY else None
    return answer_to(request, "alipay", read) or HttpResponse("success", content_type="text/plain")


def read_wechatpay(request: HttpRequest, body: bytes, now: dt.datetime) -> Notice:
    """The notice in a callback of WeChat Pay's."""
    return wechatpay_here.notice_reader().read(request.headers, body, now=now)


def read_alipay(_: HttpRequest, body: bytes, now: dt.datetime) -> Notice:
    """The notice in a form of Alipay's."""
    return alipay_here.notice_reader().read(body, now=now)


def answer_to(request: HttpRequest, provider: str, read: Read | None) -> HttpResponse | None:
    """The problem with a notice; None where it was taken."""
    try:
        take(request, provider, read)
    except Problem as problem:
        log.warning("a callback was refused", provider=provider, code=problem.code, **problem.facts)
        return response_of(problem)
    return None


def take(request: HttpRequest, provider: str, read: Read | None) -> None:
    """Read, verify, apply.

    Raises:
        NotFound: no merchant of that provider here (`read` is None), or no such bill.
        TooLarge, NotSigned, NoticeUnfit: as they say.
    """
    if read is None:
        raise NotFound
    body = request.read(LONGEST_BODY + 1)
    if len(body) > LONGEST_BODY:
        raise TooLarge(str(_("At most 64 KB.")))
    now = clock.now()
    try:
        notice = read(request, body, now)
    except SignatureRefused as refusal:
        raise NotSigned(reason=refusal.code) from refusal
    except NoticeRefused as refusal:
        raise NoticeUnfit(reason=refusal.code) from refusal
    contradiction = apply_notice(told=Told(provider, notice.bill_no, notice.answer), now=now)
    if contradiction:
        raise NoticeUnfit(reason=contradiction)
