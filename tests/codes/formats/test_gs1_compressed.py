"""Compressed Digital Links, by published examples, by our own compressor, and by texts that nobody compressed."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from codes.formats.gs1.compressed import InvalidCompression, decompress, is_compressed
from codes.formats.gs1.compression import components, lengths, sequences
from codes.formats.gs1.identifiers import codes, identifier
from codes.formats.gs1.links import InvalidDigitalLink, parse_link
from codes.formats.gtin import check_digit
from tests.codes.formats.compressor import BASE64URL, as_text, compressed

PUBLISHED = {
    # GS1: the announcement of compression in its resolver; comments of its compression prototype
    "/AQnO2IRCICDKWcnpqQtCQiJABemo": "/01/05392000229648/10/LOT01/21/SERIAL01",
    "/AQnYUc1gmiERBhQ0ytiyZuAGOLc1TQ": "/01/05412345000013/10/ABC%26%2B123?7003=1903061658",
    "/AQnYUc1gmiERBhQ0ytiyZuAGOLc1TXhXsaXbQKHFuaprwUmrBX6g": (
        "/01/05412345000013/10/ABC%26%2B123?7003=1903061658&expdt=1903061658&k1=v1"
    ),
    # Solidsoft Reply: the examples of its Digital Link library, wholly compressed
    "/AN2yxDhfaiaw": "/00/998440410914660971",
    "/AQnYUc1gmg": "/01/05412345000013",
    "/AQnYUc1gmiCNV4JG": "/01/05412345000013/10/ABC123",
    "/AQnYUc1gmiCNV4JGQhcNT6K6c": "/01/05412345000013/10/ABC123/21/72292641703",
    "/AQnYUc1gmiCNV4JGQhcNT6K6cibQCWN9Pee9tT-PQ": "/01/05412345000013/22/AJY3095721P49/10/ABC123/21/72292641703",
    "/AQnYUc1gmiCNV4JGRNoBLG-nvPe2p_Ho": "/01/05412345000013/22/AJY3095721P49/10/ABC123",
    "/AQnYUc1gmkax7ipGrOHDPC5YNI8hMz": "/01/05412345000013/235/8TFV883a904GH%263",
    "/AQnYUc1gmkIXDU-iunIm0AljfT3nvbU_j0": "/01/05412345000013/22/AJY3095721P49/21/72292641703",
    "/JTLIetaiHYA": "/253/3060077601309",
    "/JVUqG5hJ5wA": "/255/5678409730535",
    "/QBl2DVoxZM2jVm3ZOWEFoxTR5HDgzZg": "/401/0541234537290A41%26GHpp33",
    "/QCJZyW9mC6Z4": "/402/21173492661712079",
    "/QUSaVjC_dA": "/414/5060917510004",
    "/JUa0T-eifdtOO9UFEmlYwv3Q": "/414/5060917510004/254/RP56J920471",
    "/QUSaVjC_dHBAVlCrg": "/414/5060917510004/7040/5KFX",
    "/cEB2CqjAAkuwatGLJm0as27JywgtGKaPI4cGbM": "/8004/0541234537290A41%26GHpp33/7040/7BVR",
    "/gAMJCAXukTMA": "/8003/04965031954585",
    "/gBCVYNWjFkzaNWbdk5YQWjFHHkM2cAI0xdvpGo": "/8010/0541234537290A41%23GH33/8011/6639047221",
    "/gBe1ajAd9ATDmAGXPRfk": "/8017/817019610850151481/8019/4003812",
    "/AQnYUc1gmiCNV4JGLo3DY?arv=true&donor=bmgf": "/01/05412345000013/10/ABC123?17=290331&arv=true&donor=bmgf",
    "/AQnYUc1gmiCNV4JGLo3Dfg2q72Etrue8K7RPRWwjc0D4": "/01/05412345000013/10/ABC123?17=290331&arv=true&donor=bmgf",
    # the same, behind a readable key
    "/01/05412345000013/EEarwSM": "/01/05412345000013/10/ABC123",
    "/01/05412345000013/I1j3FSNWcOGeFywaR5CZm": "/01/05412345000013/235/8TFV883a904GH%263",
    "/01/5412345000013/IQuGp9FdORNoBLG-nvPe2p_Ho": "/01/05412345000013/22/AJY3095721P49/21/72292641703",
    "/414/5060917510004/JUa0T-eifdtOO9Q": "/414/5060917510004/254/RP56J920471",
    "/8004/0541234537290A41%26GHpp33/cEB2Cqi": "/8004/0541234537290A41%26GHpp33/7040/7BVR",
    "/8018/411369833821910265/gBlz0X5A": "/8018/411369833821910265/8019/4003812",
    "/01/05412345000013/EEarwSMXRuG_BtV3sJbXc94V2ieithG5oHw": (
        "/01/05412345000013/10/ABC123?17=290331&arv=true&donor=bmgf"
    ),
}


@pytest.mark.parametrize(("short", "plain"), PUBLISHED.items())
def test_a_published_example_says_what_its_publisher_says(short, plain):
    path, _, query = short.partition("?")
    assert is_compressed(path)
    assert decompress(path, query).uri() == plain
    assert decompress(f"{path}/", query).link == parse_link(*plain.partition("?")[::2])


def key_with(rest):
    return f"{rest}{check_digit(rest)}"


CHARACTERS = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
GTINS = st.integers(10**12, 10**13 - 1).map(lambda number: ("01", key_with(str(number))))
WORDS = st.one_of(*(st.text(some, min_size=1, max_size=20) for some in (CHARACTERS, "0123456789", "0123456789abcdef")))
QUALIFIERS = st.fixed_dictionaries({}, optional={"22": WORDS, "10": WORDS, "21": WORDS})
ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "17": st.just("261231"),
        "3103": st.integers(0, 999_999).map("{:06d}".format),
        "3923": st.text("0123456789", min_size=1, max_size=15),
        "7007": st.sampled_from(["260101", "260101260228"]),
        "8008": st.sampled_from(["26010112", "2601011259", "260101125900"]),
        "91": st.text(CHARACTERS + "0123456789" * 8, min_size=1, max_size=90),
        "4330": st.sampled_from(["001234", "001234-"]),
    },
)
OTHERS = st.dictionaries(st.text(BASE64URL, min_size=1, max_size=9).filter(lambda name: not name.isdigit()), WORDS)


@given(GTINS, QUALIFIERS, ATTRIBUTES, OTHERS, st.booleans(), st.randoms())
@settings(deadline=None)
def test_what_was_compressed_comes_back_in_whatever_order(key, qualifiers, attributes, others, readable, random):
    pairs = [*qualifiers.items(), *attributes.items(), *(() if readable else (key,))]
    random.shuffle(pairs)
    text = compressed(pairs, list(others.items()))
    if not text:
        return
    link = decompress(f"/01/{key[1]}/{text}" if readable else f"/{text}").link
    assert (link.key, dict(link.qualifiers), dict(link.attributes), dict(link.others)) == (
        key,
        qualifiers,
        attributes,
        others,
    )


@pytest.mark.parametrize("sequence", ["0B", "0C"])
def test_two_digits_may_say_which_identifiers_follow(sequence):
    pairs = [("01", "05412345000013"), (sequences()[sequence][1], "ABC"), ("17", "261231")]
    assert decompress(f"/{compressed(pairs, sequence=sequence)}").link == parse_link(
        f"/01/05412345000013/{pairs[1][0]}/ABC", "17=261231"
    )


def test_every_sequence_is_of_identifiers_of_which_one_is_a_key():
    for found in sequences().values():
        assert [identifier(code).qualifiers is not None for code in found].count(True) == 1, found


@pytest.mark.parametrize(
    ("code", "told"),
    {
        "00": "N18",
        "8003": "N14 X..16",
        "8001": "N14",
        "242": "N..6",
        "253": "N13 X..17",
        "255": "N13 N..12",
        "3910": "N3 N..15",
        "421": "N3 X..9",
        "423": "N3 N..12",
        "7007": "N6 N..6",
        "7030": "N3 X..27",
        "7040": "N1 X3",
        "7230": "X..30",
        "8006": "N18",
        "8008": "N8 N..4",
    }.items(),
)
def test_values_are_compressed_in_the_pieces_of_gs1_s_table(code, told):
    found = [f"{'N' if one.numeric else 'X'}{'..' if one.variable else ''}{one.length}" for one in components(code)]
    assert " ".join(found) == told


def test_every_identifier_has_pieces():
    assert all(components(code) for code in codes())


GTIN = ("01", "05412345000013")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (f"/{compressed([GTIN])[:-1]}", "bits wanted"),
        (f"/{compressed([GTIN])}AA", "bits wanted"),
        (f"/{as_text('00000001' + '1' * 47)}", "a number of 15 digits"),
        (f"/01/{GTIN[1]}/{as_text('00010000' + '101' + '00001')}", "5 is no encoding"),
        (f"/01/{GTIN[1]}/{as_text('00010000' + '000' + '11111')}", "31 characters, where 20 are the most"),
        (f"/01/{GTIN[1]}/{as_text('00000101')}", "05 begins no"),
        (f"/01/{GTIN[1]}/{as_text('0010001100001010')}", "(230) is no"),
        (f"/01/{GTIN[1]}/{as_text('1111' + '0000001' + f'{BASE64URL.index(str(7)):06b}')}", "a name of digits"),
        (f"/01/{GTIN[1]}/{compressed([GTIN])}", "(01) stands twice"),
        (f"/01/{GTIN[1]}/{compressed([('17', '261231')])[:-1]}B", "something follows"),
        (f"/{compressed([GTIN, ('17', '261231'), ('17', '271231')])}", "an identifier stands twice"),
        (f"/{compressed([GTIN, ('414', '5060917510004')])}", "one key, not 2"),
        (f"/{compressed([('10', 'ABC')])}", "one key, not 0"),
        ("/__", "begins with no"),
        ("/01/x/y/z", "begins with no"),
        ("/", "begins with no"),
    ],
)
def test_bits_that_say_nothing_are_refused_with_the_place(path, told):
    with pytest.raises(InvalidCompression, match=r"^bit \d+ of the compressed part: ") as refused:
        decompress(path)
    assert told in str(refused.value)
    assert refused.value.place >= 0


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        ([("01", "05412345000014")], "check digit"),
        ([GTIN, ("17", "261331")], "no date"),
        ([GTIN, ("22", "A"), ("235", "B")], "in this order"),
        ([GTIN, ("254", "A")], "no attribute"),
        ([GTIN, ("10", ""), ("21", "A")], "1 to 20"),
        ([("8006", "054123450000130201")], "a piece's number"),
    ],
)
def test_bits_that_say_what_no_link_may_say_are_refused_as_the_same_link_uncompressed(pairs, told):
    with pytest.raises(InvalidDigitalLink, match=told):
        decompress(f"/{compressed(pairs)}")


def test_an_attribute_of_the_bits_may_not_stand_in_the_query_too():
    with pytest.raises(InvalidDigitalLink, match="twice"):
        decompress("/AQnYUc1gmiCNV4JGLo3DY", "17=290331")


@pytest.mark.parametrize(
    "path", ["/01/05412345000013", "/01/05412345000013/10/ABC123", "/A", "/a.b", "/", "/02/1/EEar"]
)
def test_other_paths_have_not_the_form(path):
    assert not is_compressed(path)


@given(st.text(BASE64URL, max_size=80), st.sampled_from(["/", "/01/05412345000013/"]))
@example("cBA" * 1_300, "/")
@example("8" * 4_000, "/")
@settings(deadline=None)
def test_any_text_is_a_valid_link_or_refused(text, before):
    said(f"{before}{text}")


@given(st.sampled_from(sorted(PUBLISHED)), st.integers(0, 60), st.text(BASE64URL, max_size=12))
@settings(deadline=None)
def test_a_damaged_link_is_a_valid_link_or_refused(short, place, instead):
    path = short.partition("?")[0]
    said(path[:place] + instead + path[place + len(instead) :])


def said(path):
    try:
        found = decompress(path)
    except InvalidDigitalLink:
        return
    assert parse_link(*found.uri().partition("?")[::2]) == found.link


def test_the_tables_are_read_from_the_file():
    sequences.cache_clear()
    lengths.cache_clear()
    assert sequences()["0A"] == ("01", "22")
    assert (lengths()["01"], lengths()["41"], lengths()["39"]) == (2, 3, 4)
