"""A Chinese admin is Chinese: no list, form, filter, action or menu keeps an English word of ours or of a package."""

import re

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.contrib.admin.utils import label_for_field
from django.utils import translation

from config.navigation import NAVIGATION
from core.admin import kind_in_words

LATIN = re.compile(r"(?<!%\()\b[A-Za-z]{3,}")
SPOKEN = {"SHA-256", "GTIN", "EPCIS 事件", "API 客户端", "Cron", "crontab", "solar"}
"""Names that the trade says in Latin letters."""


@pytest.fixture(autouse=True)
def _chinese():
    with translation.override("zh-hans"):
        yield


def english(words):
    return sorted({str(word) for word in words if LATIN.search(str(word)) and str(word) not in SPOKEN})


def columns(page):
    named = [*page.list_display, *(name for name in page.fields or () if isinstance(name, str))]
    own = set(page.form.base_fields) - {field.name for field in page.opts.get_fields()}
    return [name for name in named if name not in {"action_checkbox", "__str__"} | own]


OURS = dict(site._registry)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_columns_and_fields_have_chinese_names(model):
    page = OURS[model]
    assert english(label_for_field(name, model, page) for name in columns(page)) == []


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_things_have_chinese_names(model):
    assert english((model._meta.verbose_name, model._meta.verbose_name_plural)) == []


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_actions_and_helps_are_chinese(model):
    page = OURS[model]
    actions = [description for _, _, description in page._get_base_actions()]
    assert english(filter(None, [*actions, page.search_help_text])) == []


def test_rooms_have_chinese_names():
    shown = {model._meta.app_label for model in site._registry}
    assert english(apps.get_app_config(label).verbose_name for label in shown) == []


def test_the_menu_is_chinese():
    groups = [group.get("title", "") for group in NAVIGATION]
    assert english([*groups, *(entry["title"] for group in NAVIGATION for entry in group["items"])]) == []


def test_the_audit_trail_names_things_as_the_lists_do():
    assert (kind_in_words("codeorder"), kind_in_words("thing_of_old")) == ("码订单", "thing_of_old")
