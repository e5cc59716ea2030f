import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from django.utils import translation

from config.pages.problems import entries

ROOT = Path(__file__).parents[2]
IN_A_FRESH_PROCESS = """
import django
django.setup()
import config.urls
from config.pages.problems import entries
print(*(entry.code for entry in entries()))
"""
ROOMS = ("core", "stores", "consumers", "codes", "rewards", "config")


def classes_of(path):
    """Those at the file's left margin, where the house has its errors."""
    text = path.read_text()
    for node in ast.parse(text).body if re.search(r"^class \w+\(", text, re.MULTILINE) else ():
        if isinstance(node, ast.ClassDef):
            yield node.name, {base.id for base in node.bases if isinstance(base, ast.Name)}, node.body


def codes_in(body):
    for line in body:
        target = line.targets[0] if isinstance(line, ast.Assign) else getattr(line, "target", None)
        if isinstance(target, ast.Name) and target.id == "code":
            yield line.value.value


@cache
def codes_of_the_sources():
    """Every code of a class that descends, by the names of its bases, from Problem."""
    found = [each for room in ROOMS for path in (ROOT / room).rglob("*.py") for each in classes_of(path)]
    kinds, more = {"Problem"}, True
    while more:
        more = {name for name, bases, _ in found if bases & kinds} - kinds
        kinds |= more
    return {code for name, _, body in found if name in kinds for code in codes_in(body)}


def test_every_code_of_the_sources_has_its_anchor(client, db):
    anchors = set(re.findall(r'<article[^>]* id="(\w+)"', client.get("/docs/problems").content.decode()))
    assert codes_of_the_sources() - anchors == set()


def test_a_web_process_knows_every_code_without_any_test_having_loaded_it():
    told = subprocess.run(
        [sys.executable, "-c", IN_A_FRESH_PROCESS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert codes_of_the_sources() - set(told.stdout.split()) == set()


def test_a_document_points_to_an_anchor_of_the_page(client, db):
    link = client.get("/api/v1/nowhere").json()["type"]
    page, anchor = link.split("#")
    assert f'id="{anchor}"' in client.get(page).content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_code_says_what_it_means_and_what_to_do(language):
    with translation.override(language):
        silent = [entry.code for entry in entries() if not (all(map(str, entry.titles)) and str(entry.advice))]
    assert silent == []


def test_codes_are_told_once_each_with_all_their_titles():
    told = [entry.code for entry in entries()]
    assert len(told) == len(set(told))


@pytest.mark.parametrize(("tongue", "told"), [("en", "A repetition may help"), ("zh-hans", "重试可能有用")])
def test_the_page_is_in_the_language_of_the_reader(client, db, tongue, told):
    assert told in client.get("/docs/problems", headers={"accept-language": tongue}).content.decode()


def test_the_description_of_the_api_leads_to_the_page(client, db):
    assert client.get("/api/schema/?format=json").json()["externalDocs"]["url"] == "/docs/problems"
