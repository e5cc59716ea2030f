import os
import sys

import pytest

from config.launcher.errors import LaunchError
from config.launcher.home import open_home
from config.launcher.preparation import Preparation, static_files_mark
from config.launcher.processes import ChildSpec


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
