"""Showing the password of an encrypted print file: each time is a row, and never to whoever took the file away."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.models import PasswordReveal, PrintFile
from codes.sealing import SealBroken, unseal
from codes.services.downloading import PasswordApart
from codes.services.exporting import FileState, lock_file, write_audit
from core.errors import Conflict
from stores.models import Brand


class NoPassword(Conflict):
    code = "no_password"
    title = gettext_lazy("This file is not encrypted: it has no password.")


class PasswordGone(Conflict):
    code = "password_gone"
    title = gettext_lazy("The password was sealed under another SECRET_KEY. Ask for a new file, for another recipient.")


def reveal_password(*, brand: Brand, file_id: int, actor: str, address: str | None, now: dt.datetime) -> str:
    """The password of a ready file, for someone else than its downloaders; noted, whatever becomes of the answer.

    Raises:
        NotFound: the brand has no such file.
        NoPassword: it is not encrypted.
        FileState: it is not ready.
        PasswordApart: `actor` has taken the file away.
        PasswordGone: SECRET_KEY has changed and the former one is no fallback.
    """
    with transaction.atomic():
        file = lock_file(file_id, brand)
        if file.kind != PrintFile.Kind.ZIP:
            raise NoPassword
        if file.state != PrintFile.State.READY:
            raise FileState(_("The file is not ready."), state=file.state, fault=file.fault)
        if file.downloads.filter(taken_by=actor).exists():
            raise PasswordApart
        try:
            password = unseal(file.sealed_password)
        except SealBroken as error:
            raise PasswordGone from error
        PasswordReveal.objects.create(file=file, shown_to=actor, shown_at=now, address=address)
        write_audit(file, file.order, actor=actor, action="print_file.password", now=now)
    return password
