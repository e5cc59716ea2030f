import os
import sys

import pytest

from config.launcher.errors import LaunchError
from config.launcher.home import open_home
from config.launcher.options import read_options
from config.launcher.preparation import Preparation, migrations_mark, static_files_mark
from config.launcher.processes import ChildSpec
from config.launcher.table import application_table


@pytest.fixture
def opened(home):
    opened = open_home(home)
    yield opened
    os.close(opened.lock_fd)


def counting(opened, mark, code=0):
    program = f"import sys; print('error 1: no luck'); sys.exit({code})"
    log = opened.logs / "count.log"
    return Preparation(ChildSpec("count", [sys.executable, "-c", program], os.environ, log=log, cwd=opened.path), mark)


def test_without_a_mark_it_is_never_done(opened):
    counting(opened, None).carry_out(opened)
    assert not counting(opened, None).is_done(opened)


def test_with_the_mark_of_its_last_success_it_is_done(opened):
    counting(opened, "a").carry_out(opened)
    assert counting(opened, "a").is_done(opened)
    assert not counting(opened, "b").is_done(opened)


def test_a_failure_leaves_no_mark_and_quotes_the_complaint(opened):
    complaint = f"count ended with code 3: error 1: no luck \\(see {opened.logs}/count.log\\)"
    with pytest.raises(LaunchError, match=complaint):
        counting(opened, "a", code=3).carry_out(opened)
    assert not counting(opened, "a").is_done(opened)


def test_the_mark_of_static_files_changes_when_one_is_added(tmp_path):
    (tmp_path / "config" / "static").mkdir(parents=True)
    (tmp_path / "config" / "settings.py").write_text("")
    before = static_files_mark(tmp_path)
    assert static_files_mark(tmp_path) == before
    (tmp_path / "config" / "static" / "page.css").write_text("")
    assert static_files_mark(tmp_path) != before


def test_the_mark_of_migrations_changes_with_them_and_with_a_database_made_anew(tmp_path, opened, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "codes" / "migrations").mkdir(parents=True)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.py").write_text("")
    cluster = opened.path / "postgres" / "PG_VERSION"
    cluster.parent.mkdir()
    marks = []
    for change in (cluster, tmp_path / "codes" / "migrations" / "0001_initial.py", cluster):
        change.write_text("18")
        os.utime(change, ns=(len(marks), len(marks)))
        marks.append(migrations_mark(tmp_path, opened))
        assert migrations_mark(tmp_path, opened) == marks[-1]
    assert len(set(marks)) == 3


def test_a_database_of_somebody_else_is_always_migrated(tmp_path, opened, monkeypatch):
    (opened.path / "postgres").mkdir()
    (opened.path / "postgres" / "PG_VERSION").write_text("18")
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example/onecode")
    assert migrations_mark(tmp_path, opened) is None


def test_the_demo_is_loaded_before_the_site_starts_and_looked_after_while_it_starts(opened):
    table = application_table(read_options({"ONECODE_HOME": str(opened.path)}), {}, opened)
    assert ([one.spec.name for one in table.preparations][-1], table.meanwhile) == ("load_demo", [])
    (opened.path / "demo.json").write_text("{}")
    table = application_table(read_options({"ONECODE_HOME": str(opened.path)}), {}, opened)
    assert [one.spec.name for one in table.preparations] == ["migrate", "collectstatic"]
    assert [one.spec.name for one in table.meanwhile] == ["load_demo"]
