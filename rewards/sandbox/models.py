"""The sandbox provider's own book. Only the sandbox reads or writes these tables; our side sees its answers alone."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Behaviour(models.TextChoices):
    """How the wallet treats a bill."""

    SUCCEED = "succeed", _("pay at once")
    WAIT = "wait", _("accept and pay later")
    CONFIRM = "confirm", _("wait until the payee confirms")
    REFUSE = "refuse", _("refuse for good: no such payee")
    FAIL = "fail", _("accept, then fail for a reason of its own")
    ALLOWANCE = "allowance", _("accept, then fail: the payee has had enough for the day")
    TIME_OUT = "time_out", _("neither answer nor pay")
    ARRIVE_LATE = "arrive_late", _("lose the request for a while, then pay")
    LOSE_ANSWER = "lose_answer", _("pay, but lose the answer")


class Instruction(models.Model):
    """What the wallet was told to do with the bills of one payee account, or (empty account) with all others."""

    account = models.CharField(max_length=128, unique=True, blank=True)
    behaviour = models.CharField(max_length=12, choices=Behaviour, default=Behaviour.SUCCEED)
    delay_ms = models.PositiveIntegerField(
        default=0,
        help_text=_(
            "In milliseconds. Pay later: when, after acceptance. Confirm: when an unconfirmed bill is closed "
            "(0: never). Fail: when. Lost request: when it arrives."
        ),
    )

    class Meta:
        verbose_name = _("instruction")
        verbose_name_plural = _("instructions to the sandbox")

    def __str__(self) -> str:
        return f"{self.account or '*'}: {self.behaviour}"


class Bill(models.Model):
    """A transfer as the provider knows it."""

    class State(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        WAITING = "waiting", _("waiting for the payee")
        SUCCESS = "success", _("success")
        FAIL = "fail", _("failed")
        CLOSED = "closed", _("closed without confirmation")

    id = models.BigAutoField(primary_key=True)
    bill_no = models.CharField(max_length=32, unique=True)
    account = models.CharField(max_length=128)
    amount_fen = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State)
    fault = models.CharField(max_length=40, blank=True)
    received_at = models.DateTimeField(help_text=_("In the future while the request is on its way."))
    due_at = models.DateTimeField(null=True, help_text=_("When it turns to its next state by itself."))
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount_fen__gte=1), name="sandbox_bill_positive"),
        ]
        indexes: ClassVar = [models.Index(fields=["finished_at"], name="sandbox_bill_finished")]
        verbose_name = _("bill")
        verbose_name_plural = _("bills")

    def __str__(self) -> str:
        return self.bill_no
