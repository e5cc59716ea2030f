"""How often one may scan, look and guess (settings.LIMITS). Guessing has its own, much tighter allowance.

Whoever exceeds the allowance for guesses gets no more verdicts on guesses; genuine codes still get theirs, so that
one guesser behind a shared address does not lock out a supermarket.
"""

from consumers.services.limits import allowance_of
from core.limits import Limit, OnLoss, spend


def count_scan(*, address: str | None, person: str, guess: bool) -> None:
    """Count a posted scan by address and by person (visitor or consumer).

    Raises:
        TooManyRequests: an allowance is used up.
        Unavailable: Valkey is away; nothing may be kept that could not be counted.
    """
    spend([*limits_of("scan", address, person), *guesses(address, person, guess=guess)], on_loss=OnLoss.REFUSE)


def count_guess(*, address: str | None, person: str) -> None:
    """Count a code that read well and named nothing, such as an invented B-code; raises as `count_scan`.

    It is counted before the scan is kept, so that a refused one leaves nothing.
    """
    spend(limits_of("guess", address, person), on_loss=OnLoss.REFUSE)


def count_look(*, address: str | None) -> None:
    """Count a look at the page by its address; where none is known, nobody shares an allowance with anybody.

    While Valkey is away everybody may look.

    Raises:
        TooManyRequests: the allowance is used up.
    """
    if address:
        spend([allowance_of("page.address", address)], on_loss=OnLoss.ALLOW)


def count_guessing_look(*, address: str | None, person: str) -> None:
    """Count a look at a code that is none of ours, by the allowance of guesses that are posted; raises as `count_look`.

    While Valkey is away everybody may look.
    """
    spend(limits_of("guess", address, person), on_loss=OnLoss.ALLOW)


def guesses(address: str | None, person: str, *, guess: bool) -> list[Limit]:
    """The limits on guessing, where this was a guess."""
    return limits_of("guess", address, person) if guess else []


def limits_of(name: str, address: str | None, person: str) -> list[Limit]:
    """The limits of one kind: by address, where it is known, and by person."""
    by_address = [allowance_of(f"{name}.address", address)] if address else []
    return [*by_address, allowance_of(f"{name}.person", person)]
