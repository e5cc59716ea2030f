from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.epcis.contexts import UnknownPrefix, declared_by, prefixes_of
from codes.epcis.identifiers import canonical, fault_of
from codes.epcis.moments import in_milliseconds, moment_of, normal_moment
from codes.epcis.normal import normal_event, same_meaning
from codes.epcis.standard import CONTEXT_URL, is_standard_context
from codes.epcis.vocabulary import BIZ_STEP, MEASUREMENT_TYPE, NAMES, vocabulary
from codes.formats.gtin import check_digit

CONTEXT = [CONTEXT_URL, {"ex": "http://ns.example.com/epcis/", "typed": {"@id": "http://ns.example.com/typed#"}}]
EVENT = {
    "type": "ObjectEvent",
    "eventTime": "2005-04-03T20:33:31.116-06:00",
    "eventTimeZoneOffset": "-06:00",
    "action": "OBSERVE",
    "epcList": ["urn:epc:id:sgtin:0614141.107346.2017", "urn:epc:id:sgtin:0614141.107346.2018"],
}


def normal(**more):
    return normal_event(EVENT | more, CONTEXT)


def test_words_names_and_moments_have_one_notation():
    found = normal(
        bizStep="cbv:BizStep-shipping",
        disposition="urn:epcglobal:cbv:disp:in_transit",
        certificationInfo="https://certificates.example/1",
        recordTime="2005-04-04T02:33:31Z",
        **{"ex:own": [{"ex:n": 1.50, "ex:b": True, "ex:none": None, "ex:few": [], "ex:one": [[7]]}], "@context": {}},
    )
    assert found == {
        "type": "ObjectEvent",
        "eventTime": "2005-04-04T02:33:31.116000Z",
        "eventTimeZoneOffset": "-06:00",
        "recordTime": "2005-04-04T02:33:31.000000Z",
        "action": "OBSERVE",
        "epcList": EVENT["epcList"],
        "bizStep": "https://ref.gs1.org/cbv/BizStep-shipping",
        "disposition": "https://ref.gs1.org/cbv/Disp-in_transit",
        "certificationInfo": ["https://certificates.example/1"],
        "{http://ns.example.com/epcis/}own": {
            "{http://ns.example.com/epcis/}n": "1.5",
            "{http://ns.example.com/epcis/}b": "true",
            "{http://ns.example.com/epcis/}one": "7",
        },
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"bizStep": "shipping"}, {"bizStep": "https://ref.gs1.org/cbv/BizStep-shipping"}),
        ({"eventTime": "2005-04-04T02:33:31.116000Z"}, {}),
        ({"eventTimeZoneOffset": "-00:00"}, {"eventTimeZoneOffset": "+00:00"}),
        ({"epcList": EVENT["epcList"][::-1]}, {}),
        ({"quantityList": []}, {}),
        (
            {"readPoint": {"id": "urn:epc:id:sgln:4012345.00005.0"}},
            {"readPoint": {"id": "https://x.cn/414/4012345000054"}},
        ),
        ({"ex:a": {"@value": "1", "@type": "xsd:integer"}}, {"ex:a": 1.0}),
        ({"ex:a": {"@id": "ex:b"}}, {"ex:a": "http://ns.example.com/epcis/b"}),
        ({"http://ns.example.com/epcis/a": "1"}, {"ex:a": ["1"]}),
        ({"typed:a": "1"}, {"http://ns.example.com/typed#a": "1"}),
        ({"bizStep": "ex:tasting"}, {"bizStep": "http://ns.example.com/epcis/tasting"}),
        (
            {"quantityList": [{"epcClass": "urn:x:1", "quantity": 2.0}]},
            {"quantityList": [{"epcClass": "urn:x:1", "quantity": 2}]},
        ),
    ],
)
def test_two_notations_mean_the_same(one, other):
    assert same_meaning(normal(**one), normal(**other))


@pytest.mark.parametrize(
    "other",
    [
        {"bizStep": "shipping"},
        {"eventTime": "2005-04-03T20:33:31.117-06:00"},
        {"eventTimeZoneOffset": "-05:00"},
        {"epcList": EVENT["epcList"][:1]},
        {"epcList": [*EVENT["epcList"], EVENT["epcList"][0]]},
        {"ex:a": "1"},
    ],
)
def test_another_fact_is_another_meaning(other):
    assert not same_meaning(normal(**other), normal())


def test_of_an_event_of_somebody_elses_type_only_what_all_events_have_is_known():
    found = normal(type="ex:Tasting", bizStep={"ex:a": 1}, eventTime="2005-04-04T02:33:31Z", **{"ex:b": {"@type": "x"}})
    assert (found["type"], found["eventTime"]) == ("http://ns.example.com/epcis/Tasting", "2005-04-04T02:33:31.000000Z")
    assert found["bizStep"] == {"{http://ns.example.com/epcis/}a": "1"}
    assert "{http://ns.example.com/epcis/}b" not in found


def test_an_extension_without_a_declared_prefix_has_no_normal_form():
    with pytest.raises(UnknownPrefix, match="unknown"):
        normal(**{"unknown:a": "1"})


def test_contexts_tell_which_prefixes_they_declare_themselves():
    assert declared_by(CONTEXT) == {"ex", "typed"}
    assert declared_by(CONTEXT[1]) == {"ex", "typed"}
    assert declared_by(CONTEXT_URL) == frozenset()
    assert prefixes_of(7).namespaces == {}
    assert not is_standard_context([7])


def test_the_vocabularies_are_those_of_the_shipped_context():
    assert [len(vocabulary(name).uris) for name in NAMES] == [41, 33, 13, 3, 2, 72, 2, 14]


def test_a_word_is_known_in_every_notation():
    steps, measures = vocabulary(BIZ_STEP), vocabulary(MEASUREMENT_TYPE)
    texts = ["shipping", "cbv:BizStep-shipping", "urn:epcglobal:cbv:bizstep:shipping"]
    assert {steps.uri(text) for text in texts} == {"https://ref.gs1.org/cbv/BizStep-shipping"}
    assert {steps.legacy(text) for text in texts} == {"urn:epcglobal:cbv:bizstep:shipping"}
    assert measures.legacy("Temperature") == measures.uri("https://ref.gs1.org/voc/Temperature")
    assert (steps.uri("http://x.cn/a"), steps.legacy("http://x.cn/a")) == ("http://x.cn/a",) * 2


@pytest.mark.parametrize(
    ("uri", "right"),
    [
        (
            "https://x.cn/shop/01/6901234567892/10/L1/21/S%2F1?17=261231",
            "https://id.gs1.org/01/06901234567892/21/S%2F1",
        ),
        ("http://x.cn/01/06901234567892/10/L1", "https://id.gs1.org/01/06901234567892/10/L1"),
        ("https://x.cn/00/040123450000003338", "https://id.gs1.org/00/040123450000003338"),
        ("urn:epc:id:sgtin:4012345.012345.a%2Fb", "https://id.gs1.org/01/04012345123456/21/a%2Fb"),
        ("urn:epc:id:sgln:4012345.00005.0", "https://id.gs1.org/414/4012345000054"),
        ("urn:epc:idpat:sgtin:4012345.*.*", "urn:epc:idpat:sgtin:4012345.*.*"),
        ("urn:epc:idpat:sgtin:4012345.012345.[1-9]", "urn:epc:idpat:sgtin:4012345.012345.[1-9]"),
        ("urn:epc:idpat:sscc:4012345.*", "urn:epc:idpat:sscc:4012345.*"),
        ("urn:epc:id:gid:1.2.3", "urn:epc:id:gid:1.2.3"),
        ("urn:epc:id:sgtin:4012345.12345.1", "urn:epc:id:sgtin:4012345.12345.1"),
        ("https://x.cn/01", "https://x.cn/01"),
        ("https://x.cn/docs/01/intro", "https://x.cn/docs/01/intro"),
        ("https://x.cn/", "https://x.cn/"),
        ("geo:42.6,23.3", "geo:42.6,23.3"),
    ],
)
def test_an_identifier_has_one_canonical_link(uri, right):
    assert canonical(uri) == right


@given(
    digits=st.text("0123456789", min_size=13, max_size=13),
    company=st.integers(6, 12),
    serial=st.text("09azAZ-.!/%", min_size=1, max_size=20),
)
def test_the_urn_and_the_link_of_an_item_have_one_canonical_link(digits, company, serial):
    prefix, item = digits[:company], digits[company:]
    gtin = item[0] + prefix + item[1:]
    right = f"https://id.gs1.org/01/{gtin}{check_digit(gtin)}/21/{quote(serial, safe='')}"
    assert canonical(f"urn:epc:id:sgtin:{prefix}.{item}.{quote(serial, safe='-.!')}") == right
    assert canonical(right.replace("https://id.gs1.org", "https://brand.example")) == right


def test_long_texts_are_read_as_short_ones_are():
    assert moment_of(f"2026-01-02T03:04:05.5{'0' * 90}Z") == moment_of("2026-01-02T03:04:05.5Z")
    item = "https://id.gs1.org/01/06901234567892/21/1"
    assert canonical(f"{item}?note={'x' * 300}") == canonical(item) == item


@pytest.mark.parametrize(
    "uri", ["https://x.cn/docs/01/06901234567891", "https://x.cn/8004/a", "urn:x:1", "https://[::1/01"]
)
def test_what_may_be_something_else_is_no_wrong_link(uri):
    assert fault_of(uri) == ""


@given(st.datetimes().filter(lambda moment: 1 < moment.year < 9999), st.integers(-839, 839))
def test_a_moment_is_the_same_whatever_its_offset(moment, minutes):
    sign, rest = "-" if minutes < 0 else "+", abs(minutes)
    text = f"{moment.isoformat(timespec='microseconds')}{sign}{rest // 60:02d}:{rest % 60:02d}"
    assert moment_of(normal_moment(text)) == moment_of(text)
    assert len(normal_moment(text)) == len("2026-01-31T08:00:00.000000Z")


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2023-02-02T11:04:03.1415Z", "2023-02-02T11:04:03.142Z"),
        ("2023-02-02T11:04:03.1414Z", "2023-02-02T11:04:03.141Z"),
        ("2023-02-02t11:04:03z", "2023-02-02T11:04:03.000Z"),
        ("2023-12-31T23:59:59.99999999Z", "2024-01-01T00:00:00.000Z"),
    ],
)
def test_a_moment_is_rounded_half_up(text, right):
    assert in_milliseconds(normal_moment(text)) == right


def test_a_moment_without_its_offset_is_none():
    with pytest.raises(ValueError, match="offset"):
        moment_of("2023-02-02T11:04:03")
