"""What people read is there in Chinese, and the compiled catalogues are those of the texts."""

import gettext
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted(path for room in ("*", "*/*") for path in ROOT.glob(f"{room}/locale/zh_Hans/LC_MESSAGES/django.po"))


def texts(message):
    return [message.string] if isinstance(message.string, str) else list(message.string)


def messages(path):
    with path.open("rb") as file:
        return [message for message in read_po(file, locale="zh_Hans") if message.id]


def test_every_room_has_a_catalogue():
    rooms = {path.relative_to(ROOT).parts[0] for path in CATALOGUES}
    assert {"core", "stores", "consumers", "codes", "rewards", "config"} <= rooms


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.relative_to(ROOT).parts[0])
def test_nothing_is_left_untranslated_or_doubtful(path):
    assert [message.id for message in messages(path) if message.fuzzy or not all(texts(message))] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.relative_to(ROOT).parts[0])
def test_the_compiled_catalogue_is_that_of_the_texts(path):
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in messages(path):
        if isinstance(message.id, str):
            found = compiled.pgettext(message.context, message.id) if message.context else compiled.gettext(message.id)
        else:
            found = compiled.ngettext(*message.id, 2)
        assert found == texts(message)[0]
