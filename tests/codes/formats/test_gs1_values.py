import pytest

from codes.formats.gs1.checks import CHECKS
from codes.formats.gs1.identifiers import identifier, primary_keys
from codes.formats.gs1.values import InvalidValue, validate

VALID = [
    ("00", "106141412345678908"),
    ("01", "06901234567892"),
    ("10", "AB/c?1"),
    ("17", "260131"),
    ("17", "260200"),
    ("253", "6901234567892"),
    ("253", "6901234567892ABC"),
    ("3102", "000750"),
    ("3910", "15600000888"),
    ("421", "156610000"),
    ("423", "156"),
    ("423", "156840276"),
    ("4302", "%E5%8C%97%E4%BA%AC"),
    ("4307", "CN"),
    ("4309", "18000000003600000000"),
    ("4321", "1"),
    ("4324", "2601312359"),
    ("4331", "000200-"),
    ("7003", "2601310800"),
    ("7030", "999ABC"),
    ("7040", "1ABC"),
    ("7241", "80"),
    ("7250", "20000229"),
    ("7252", "9"),
    ("7258", "1/2"),
    ("8001", "00010000200301"),
    ("8003", "06901234567892XYZ"),
    ("8006", "069012345678920102"),
    ("8007", "GB82WEST12345698765432"),
    ("8008", "26013123"),
    ("8010", "6901234#A-1/"),
    ("8011", "120"),
    ("8013", "1987654Ad4X4bL5ttr2310c2K"),
    ("8030", "abc-_="),
    ("8110", "106141416543213150110120"),
]


@pytest.mark.parametrize(("code", "value"), VALID)
def test_what_an_identifier_allows_is_valid(code, value):
    validate(identifier(code), value)


REFUSED = [
    ("01", "06901234567893", "(01) GTIN: its check digit must be 2, not 3"),
    ("01", "6901234567892", "(01) GTIN: 14 digits wanted, 13 given"),
    ("01", "0690123456789A", "(01) GTIN: only digits are allowed"),
    ("00", "0A6141412345678908", "(00) SSCC: only digits are allowed"),
    ("10", "", "(10) BATCH/LOT: 1 to 20 characters of GS1's set 82 wanted, 0 given"),
    ("10", "A" * 21, "(10) BATCH/LOT: 1 characters too many"),
    ("10", "批号", "(10) BATCH/LOT: only characters of GS1's set 82 are allowed"),
    ("17", "260231", "(17) USE BY or EXPIRY: 260231 is no date"),
    ("17", "261300", "(17) USE BY or EXPIRY: 261300 is no date"),
    ("3910", "001100", "(3910) AMOUNT: 001 is no currency of ISO 4217"),
    ("421", "001AB", "(421) SHIP TO POST: 001 is no country of ISO 3166-1"),
    ("401", "AB", "(401) GINC: it must begin with the digits of a GS1 company prefix"),
    ("4302", "%ZZ", "(4302) SHIP TO ADD1: a % must be followed by two hexadecimal digits"),
    ("4307", "ZZ", "(4307) SHIP TO COUNTRY: ZZ is no country of ISO 3166-1"),
    ("4309", "18000000013600000000", "(4309) SHIP TO GEO: a latitude is at most 1800000000"),
    ("4309", "18000000003600000001", "(4309) SHIP TO GEO: a longitude is at most 3600000000"),
    ("4321", "2", "(4321) DANGEROUS GOODS: it must be one of 0, 1"),
    ("4324", "2601312400", "(4324) NOT BEF DEL DT: 24 is no hour"),
    ("4324", "2601312360", "(4324) NOT BEF DEL DT: 60 is neither minute nor second"),
    ("4331", "000200+", "(4331) MAX TEMP C.: it may end in a hyphen only"),
    ("7030", "001ABC", "(7030) PROCESSOR # 0: 001 is no country of ISO 3166-1"),
    ("7040", "1AB+", "(7040) UIC+EXT: its last character is a letter, a digit, - or _"),
    ("7241", "11", "(7241) AIDC MEDIA TYPE: it is no AIDC media type"),
    ("7250", "20230229", "(7250) DOB: 20230229 is no date"),
    ("7258", "3/2", "(7258) BIRTH SEQUENCE: it is written as 1/2: which of how many"),
    ("8001", "00000000200301", "(8001) DIMENSIONS: it must not be 0"),
    ("8003", "16901234567892", "(8003) GRAI: it must be 0"),
    ("8006", "069012345678920201", "(8006) ITIP: its last four digits are a piece's number and how many there are"),
    ("8007", "GB82WEST12345698765433", "(8007) IBAN: its check digits are wrong"),
    ("8007", "82GBWEST", "(8007) IBAN: it is no IBAN"),
    ("8011", "012", "(8011) CPID SERIAL: it must not begin with 0"),
    ("8013", "1987654Ad4X4bL5ttr2310c2L", "(8013) GMN: its check characters must be 2K, not 2L"),
    ("8013", "2K", "(8013) GMN: it has 1 to 23 characters and two check characters"),
    ("8014", "123456789", "(8014) MUDI: its check characters must be"),
]


@pytest.mark.parametrize(("code", "value", "said"), REFUSED)
def test_a_refusal_names_the_identifier_and_what_would_be_right(code, value, said):
    with pytest.raises(InvalidValue) as refusal:
        validate(identifier(code), value)
    assert str(refusal.value).startswith(said)


def test_a_unique_device_identifier_has_a_character_that_is_no_digit():
    body = "12345678"
    pair = CHECKS["csumalpha"](body + "..").removeprefix("its check characters must be ")[:2]
    assert CHECKS["hasnondigit"](body) == "it must not be digits alone"
    validate(identifier("8013"), body + pair)


def test_every_identifier_of_the_dictionary_is_known_with_its_title():
    assert identifier("3925").title == "PRICE"
    assert identifier("99").title == "INTERNAL"
    assert identifier("9999") is None


def test_the_primary_keys_are_those_that_links_begin_with():
    keys = "00 01 253 255 401 402 414 415 417 8003 8004 8006 8010 8013 8017 8018"
    assert primary_keys() == tuple(keys.split())
