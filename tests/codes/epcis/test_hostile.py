"""Whatever is put into a document, it is either told what is wrong, or everything else can be done with it."""

import random

import pytest

from codes.epcis.checking import faults_of
from codes.epcis.hash_ids import hash_id_of
from codes.epcis.normal import normal_event
from codes.epcis.standard import EVENT_TYPES
from codes.epcis.streams import UnreadableDocument, document_of
from codes.epcis.xml_reading import read_xml_document
from codes.epcis.xml_writing import UnwritableDocument, xml_of
from tests.factories.epcis_examples import NAMES, example

JUNK = [
    None, True, 0, -1, 1e308, float("nan"), 2**70, "", "x", "a:b", "ex:", "http://[::1", "http://x/01/06901234567891",
    "urn:epc:id:sgtin:::", "\x00", "\ud800", "{a}b", [], [[]], [None], {}, {"": 1}, {"@id": 1}, {"@value": []},
    {"@value": {"a:b": 1}}, {"type": 5}, ["x", "x"], "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00",
    "2020-01-01T24:00:00Z", ":", "a:{b}c", "urn:",
]  # fmt: skip
KEYS = [
    "",
    "@id",
    "@type",
    "@context",
    "x",
    "x:y",
    ":",
    "http://x/y",
    "{a}b",
    "type",
    "urn:x",
    "ex:\x00",
    "https://[/a",
]


def places(value, path=()):
    yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, one in members:
        yield from places(one, (*path, step))


def spoil(chance, document):
    *way, last = chance.choice([path for path in places(document) if path])
    owner = document
    for step in way:
        owner = owner[step]
    which = chance.randrange(3)
    if which == 0:
        del owner[last]
    elif which == 1 and isinstance(owner, dict):
        owner[chance.choice(KEYS)] = chance.choice(JUNK)
    else:
        owner[last] = chance.choice(JUNK)


def was_told(found):
    """Whether reading it event by event finds the faults too."""
    try:
        return any(faults for _, _, faults in document_of(found).checked())
    except UnreadableDocument:
        return True


@pytest.mark.parametrize("seed", range(120))
def test_no_document_breaks_what_reads_it(seed):
    chance = random.Random(seed)
    found = example(chance.choice(NAMES))
    spoil(chance, found)
    faults_of(found, hash_ids=True)
    if faults_of(found):
        assert was_told(found)
        return
    there = document_of(found)
    events = [normal_event(event, there.envelope.context) for event in there.events]
    assert all(hash_id_of(event) for event in events if event["type"] in EVENT_TYPES)
    try:
        back = read_xml_document(xml_of(there))
    except UnwritableDocument:
        return
    assert [normal_event(event, back.envelope.context) for event in back.events] == events
