"""The wallet's own services: what happens in its book besides being sent bills. Each is one short transaction."""

import datetime as dt

from django.db.models import F, Sum

from rewards.sandbox.models import Behaviour, Bill, Instruction


def instruct(*, account: str, behaviour: Behaviour, delay_ms: int = 0) -> Instruction:
    """Tell the wallet how to treat the coming bills of `account` (empty: of all that have no instruction)."""
    told, _ = Instruction.objects.update_or_create(
        account=account, defaults={"behaviour": behaviour, "delay_ms": delay_ms}
    )
    return told


def confirm_bill(*, bill_no: str, now: dt.datetime) -> bool:
    """The payee confirms a waiting bill: it is paid. Whether it was waiting, and not closed yet."""
    enter_what_came_due(now=now)
    waiting = Bill.objects.filter(bill_no=bill_no, state=Bill.State.WAITING)
    return waiting.update(state=Bill.State.SUCCESS, due_at=None, finished_at=now) == 1


def receive_again(*, bill_no: str, now: dt.datetime) -> Bill:
    """The bill that is known by that number. If its first request is still on its way, this one has overtaken it."""
    Bill.objects.filter(bill_no=bill_no, received_at__gt=now).update(received_at=now, due_at=now)
    return Bill.objects.get(bill_no=bill_no)


def enter_what_came_due(*, now: dt.datetime) -> None:
    """Write down what time alone has done: accepted bills paid or failed, unconfirmed ones closed."""
    due = Bill.objects.filter(finished_at__isnull=True, due_at__lte=now)
    accepted = due.filter(state=Bill.State.ACCEPTED)
    accepted.filter(fault="").update(state=Bill.State.SUCCESS, finished_at=F("due_at"))
    accepted.exclude(fault="").update(state=Bill.State.FAIL, finished_at=F("due_at"))
    due.filter(state=Bill.State.WAITING).update(state=Bill.State.CLOSED, finished_at=F("due_at"))


def received_fen(account: str) -> int:
    """What the wallet has paid to an account so far, in fen."""
    paid = Bill.objects.filter(account=account, state=Bill.State.SUCCESS)
    return int(paid.aggregate(sum=Sum("amount_fen"))["sum"] or 0)
