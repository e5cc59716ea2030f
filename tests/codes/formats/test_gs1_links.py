import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.formats.gs1.checks import ALPHABET_82
from codes.formats.gs1.links import DigitalLink, InvalidDigitalLink, parse_decoded_link, parse_link

GTIN = "06901234567892"


def test_a_link_is_read_into_key_qualifiers_attributes_and_the_rest():
    link = parse_link(f"/01/{GTIN}/10/L1/21/S%2F1/", "17=261231&linkType=gs1:pip&11=260101")
    assert link == DigitalLink(
        key=("01", GTIN),
        qualifiers=(("10", "L1"), ("21", "S/1")),
        attributes=(("11", "260101"), ("17", "261231")),
        others=(("linkType", "gs1:pip"),),
    )


def test_a_shorter_gtin_is_padded():
    assert parse_link("/01/6901234567892").key == ("01", GTIN)


def test_the_canonical_form_is_at_gs1_with_sorted_attributes_and_nothing_of_others():
    link = parse_link(f"/01/{GTIN}/10/A%2FB", "99=%26x&17=261231&utm=1")
    assert link.canonical() == f"https://id.gs1.org/01/{GTIN}/10/A%2FB?17=261231&99=%26x"


REFUSED = [
    ("/", "", "a link is made of pairs"),
    (f"/01/{GTIN}/21", "", "a link is made of pairs"),
    ("/9999/1", "", "(9999) is no application identifier of GS1"),
    (f"/02/{GTIN}", "", "(02) CONTENT is no key that a link may begin with"),
    (f"/01/{GTIN}/21/A/10/B", "", "after (01) may follow, in this order: 22, 10, 21 or 235"),
    (f"/01/{GTIN}/10/B/235/C", "", "after (01) may follow, in this order: 22, 10, 21 or 235"),
    ("/00/106141412345678908/10/A", "", "after (00) may follow, in this order: none"),
    ("/01/06901234567893", "", "(01) GTIN: its check digit must be 2, not 3"),
    (f"/01/{GTIN}", "17=261301", "(17) USE BY or EXPIRY: 261301 is no date"),
    (f"/01/{GTIN}", "21=A", "(21) SERIAL is no attribute"),
    (f"/01/{GTIN}", "6666=A", "(6666) is no application identifier of GS1"),
    (f"/01/{GTIN}", "17=261231&17=261230", "an attribute stands twice"),
    (f"/01/{GTIN}", "3100=000100&3101=000100", "(3100) and (3101) contradict each other"),
]


@pytest.mark.parametrize(("path", "query", "said"), REFUSED)
def test_what_is_no_link_is_refused_with_what_would_be_right(path, query, said):
    with pytest.raises(InvalidDigitalLink) as refusal:
        parse_link(path, query)
    assert str(refusal.value).startswith(said)


def test_the_levels_go_from_the_item_up_to_its_key():
    link = parse_link(f"/01/{GTIN}/10/L1/21/S1", "17=261231")
    assert [level.path() for level in link.levels()] == [
        f"/01/{GTIN}/10/L1/21/S1",
        f"/01/{GTIN}/10/L1",
        f"/01/{GTIN}",
    ]
    assert link.value_of("10") == "L1"
    assert link.value_of("22") == ""


LOTS = st.text(alphabet=ALPHABET_82, min_size=1, max_size=20).filter(lambda text: text not in {".", ".."})


@given(lot=LOTS, serial=LOTS, note=LOTS)
def test_what_is_written_canonically_reads_the_same(lot, serial, note):
    link = DigitalLink(("01", GTIN), (("10", lot), ("21", serial)), (("98", note),))
    path, _, query = link.canonical().removeprefix("https://id.gs1.org").partition("?")
    assert parse_link(path, query) == link


def test_a_path_that_the_server_decoded_keeps_slashes_in_values():
    assert parse_decoded_link(f"/01/{GTIN}/10/A/B/21/C/D/E") == parse_link(f"/01/{GTIN}/10/A%2FB/21/C%2FD%2FE")
    assert parse_decoded_link(f"/01/{GTIN}/21/S1/") == parse_link(f"/01/{GTIN}/21/S1")


@pytest.mark.parametrize("path", ["/", "/c/ABC", "/9999/1", f"/01/{GTIN}/21/A/10/B"])
def test_a_decoded_path_is_held_to_the_same_rules(path):
    with pytest.raises(InvalidDigitalLink):
        parse_decoded_link(path)
