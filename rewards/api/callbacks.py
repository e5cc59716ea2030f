"""Where payment providers call us. Nobody is called from here, and nothing is believed that is not signed."""

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
from rewards.providers.notices import NoticeRefused
from rewards.providers.signing import SignatureRefused
from rewards.services.notices import Told, apply_notice
from rewards.services.wechatpay import notice_reader

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


@csrf_exempt
@require_POST
def wechatpay(request: HttpRequest) -> HttpResponse:
    """WeChat Pay's callback: 204 when the notice was taken, now or before; else a problem, and it will call again."""
    try:
        take(request)
    except Problem as problem:
        log.warning("a callback was refused", code=problem.code, **problem.facts)
        return response_of(problem)
    return HttpResponse(status=204)


def take(request: HttpRequest) -> None:
    """Read, verify, apply.

    Raises:
        NotFound: no merchant of WeChat Pay here, or no such bill.
        TooLarge, NotSigned, NoticeUnfit: as they say.
    """
    if settings.WECHATPAY is None:
        raise NotFound
    body = request.read(LONGEST_BODY + 1)
    if len(body) > LONGEST_BODY:
        raise TooLarge(str(_("At most 64 KB.")))
    now = clock.now()
    try:
        notice = notice_reader().read(request.headers, body, now=now)
    except SignatureRefused as refusal:
        raise NotSigned(reason=refusal.code) from refusal
    except NoticeRefused as refusal:
        raise NoticeUnfit(reason=refusal.code) from refusal
    contradiction = apply_notice(told=Told("wechatpay", notice.bill_no, notice.answer), now=now)
    if contradiction:
        raise NoticeUnfit(reason=contradiction)
