"""Accounts for the people of the field."""

from dataclasses import dataclass, field

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Conflict, Invalid
from stores.models import Brand, User


class UsernameTaken(Conflict):
    code = "username_taken"
    title = gettext_lazy("Another account has this name.")


@dataclass(frozen=True, slots=True)
class Account:
    """A sign-in to be made. Usernames are unique over all brands."""

    username: str
    password: str = field(repr=False)


USERNAME_ONCE = {"stores_user_username_key": UsernameTaken}


def create_user(brand: Brand, account: Account | None) -> User | None:
    """An account of the brand without any rights of staff; None where none is wanted.

    To be called within `explaining(USERNAME_ONCE)`.

    Raises:
        Invalid: the name is empty or the password too weak.
    """
    if account is None:
        return None
    if not account.username.strip():
        raise Invalid(fields={"username": [_("This must not be empty.")]})
    user = User(username=account.username, brand=brand)
    try:
        validate_password(account.password, user)
    except ValidationError as error:
        raise Invalid(fields={"password": error.messages}) from error
    user.set_password(account.password)
    user.save()
    return user
