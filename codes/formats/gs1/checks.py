"""What a part of an identifier's value must be, beyond its characters and length.

The names are those of the GS1 Barcode Syntax Dictionary. Each check takes the part's text and answers what is wrong
with it, or "". Sources: GS1 General Specifications, sections 3 (contents) and 7.9 (check digits and characters);
ISO 3166-1, 4217, 5218 and 13616.
"""

import datetime as dt
import re
from collections.abc import Callable
from urllib.parse import unquote

from iso3166 import countries_by_alpha2, countries_by_numeric
from iso4217 import Currency

from codes.formats.gtin import check_digit

ALPHABET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
"""GS1 AI encodable character set 82, in order of its values."""
_ALPHABET_32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
_CURRENCIES = {f"{currency.number:03d}" for currency in Currency if currency.number is not None}
_PREFIX_DIGITS = 4

Check = Callable[[str], str]


def _last_digit(text: str) -> str:
    right = check_digit(text[:-1])
    return "" if text[-1] == right else f"its check digit must be {right}, not {text[-1]}"


def _check_characters(text: str) -> str:
    """The pair of a GMN: positions weighted by primes from the right, modulo 1021, in base 32."""
    body = text[:-2]
    if not body or len(body) > len(_PRIMES):
        return f"it has 1 to {len(_PRIMES)} characters and two check characters"
    total = sum(ALPHABET_82.index(char) * prime for char, prime in zip(reversed(body), _PRIMES, strict=False)) % 1021
    right = _ALPHABET_32[total // 32] + _ALPHABET_32[total % 32]
    return "" if text[-2:] == right else f"its check characters must be {right}, not {text[-2:]}"


def _company_prefix(text: str) -> str:
    wrong = len(text) < _PREFIX_DIGITS or not text[:_PREFIX_DIGITS].isdigit()
    return "it must begin with the digits of a GS1 company prefix" if wrong else ""


def _country(text: str) -> str:
    return "" if text in countries_by_numeric else f"{text} is no country of ISO 3166-1"


def _country_or_all(text: str) -> str:
    return "" if text == "999" else _country(text)


def _country_letters(text: str) -> str:
    return "" if text in countries_by_alpha2 else f"{text} is no country of ISO 3166-1"


def _currency(text: str) -> str:
    return "" if text in _CURRENCIES else f"{text} is no currency of ISO 4217"


def _made(make: Callable[[], object], otherwise: str) -> str:
    try:
        make()
    except ValueError:
        return otherwise
    return ""


def _date(text: str) -> str:
    """As `_day`; day 00 is the month's last one."""
    return _day(text.removesuffix("00") + "01" if text.endswith("00") else text) and f"{text} is no date"


def _day(text: str) -> str:
    """YYMMDD or YYYYMMDD; which century two digits mean is nothing to a leap day of 00: 2000 was one."""
    whole = text.rjust(len("YYYYMMDD"), "0").replace("00", "20", 1) if len(text) == len("YYMMDD") else text
    return _made(lambda: dt.date(int(whole[:4]), int(whole[4:6]), int(whole[6:])), f"{text} is no date")


def _hour_minute(text: str) -> str:
    return _hour(text[:2]) or _minute(text[2:])


def _hour(text: str) -> str:
    return _made(lambda: dt.time(hour=int(text)), f"{text} is no hour")


def _minute(text: str) -> str:
    return _made(lambda: dt.time(minute=int(text)), f"{text} is neither minute nor second")


def _at_most(limit: int, noun: str) -> Check:
    return lambda text: "" if int(text) <= limit else f"a {noun} is at most {limit}"


def _piece_of_total(text: str) -> str:
    piece, total = int(text[:2]), int(text[2:])
    return "" if 1 <= piece <= total else "its last four digits are a piece's number and how many there are"


def _bank_account(text: str) -> str:
    """ISO 13616: the first four characters go last, letters count from 10, and the whole is 1 modulo 97."""
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}", text):
        return "it is no IBAN"
    digits = "".join(str(int(char, 36)) for char in text[4:] + text[:4])
    return "" if int(digits) % 97 == 1 else "its check digits are wrong"


def _percent_encoded(text: str) -> str:
    bad = re.search(r"%(?![0-9A-Fa-f]{2})", text)
    return "a % must be followed by two hexadecimal digits" if bad or "\ufffd" in unquote(text) else ""


def _sequence(text: str) -> str:
    """Position and end with a slash between, each one digit and not 0."""
    found = re.fullmatch(r"([1-9])/([1-9])", text)
    return "" if found and found[1] <= found[2] else "it is written as 1/2: which of how many"


def _one_of(*allowed: str) -> Check:
    return lambda text: "" if text in allowed else f"it must be one of {', '.join(allowed)}"


def _like(pattern: str, meaning: str) -> Check:
    return lambda text: "" if re.fullmatch(pattern, text) else meaning


def _free(text: str) -> str:  # noqa: ARG001 - takes what every check takes
    return ""


CHECKS: dict[str, Check] = {
    "csum": _last_digit,
    "csumalpha": _check_characters,
    "gcppos1": _company_prefix,
    "gcppos2": lambda text: _company_prefix(text[1:]),
    "yymmd0": _date,
    "yymmdd": _day,
    "yyyymmdd": _day,
    "hhmi": _hour_minute,
    "hh": _hour,
    "mi": _minute,
    "ss": _minute,
    "iso3166": _country,
    "iso3166999": _country_or_all,
    "iso3166alpha2": _country_letters,
    "iso4217": _currency,
    "iso5218": _one_of("0", "1", "2", "9"),
    "iban": _bank_account,
    "latitude": _at_most(1_800_000_000, "latitude"),
    "longitude": _at_most(3_600_000_000, "longitude"),
    "pcenc": _percent_encoded,
    "pieceoftotal": _piece_of_total,
    "posinseqslash": _sequence,
    "yesno": _one_of("0", "1"),
    "winding": _one_of("0", "1", "9"),
    "zero": _like("0+", "it must be 0"),
    "nonzero": _like("0*[1-9][0-9]*", "it must not be 0"),
    "nozeroprefix": _like("0|[1-9][0-9]*", "it must not begin with 0"),
    "hyphen": _like("-", "it may end in a hyphen only"),
    "hasnondigit": _like(".*[^0-9].*", "it must not be digits alone"),
    "importeridx": _like("[-0-9A-Z_a-z]", "its last character is a letter, a digit, - or _"),
    "mediatype": _like("0[1-9]|10|[89][0-9]", "it is no AIDC media type"),
    # lists that UN/CEFACT keeps changing, and the inner structure of coupons: characters and length only
    "packagetype": _free,
    "couponcode": _free,
    "couponposoffer": _free,
}
