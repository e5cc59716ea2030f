import errno

import pytest
import redis
from django.core.management import CommandError, load_command_class
from django.db import OperationalError

from core.commands import line_of
from core.errors import Conflict, Invalid


def reconcile(*words):
    load_command_class("rewards", "reconcile").run_from_argv(["manage.py", "reconcile", *words])


def test_a_wrong_command_line_is_one_line_and_exit_code_2(capsys):
    with pytest.raises(SystemExit) as ended:
        reconcile("--date=soon")
    assert (ended.value.code, capsys.readouterr().err) == (
        2,
        "CommandError: Error: argument --date: 'soon' is no day; write it as 2026-03-01\n",
    )


def test_a_wrong_command_line_is_raised_for_whoever_asks_for_the_whole_story():
    with pytest.raises(CommandError):
        reconcile("--date=soon", "--traceback")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            Invalid(fields={"lot": ["Too long.", "Too odd."], "gtin": ["Wrong."]}),
            "lot: Too long. Too odd.; gtin: Wrong.",
        ),
        (Conflict("Not\nnow."), "Not now."),
        (OperationalError("no more room\nDETAIL: …"), "The database refused: no more room"),
        (redis.ConnectionError("gone"), "Valkey refused: gone"),
        (OSError(errno.ENOSPC, "No space left on device", "/x/y"), "/x/y: No space left on device"),
        (OSError("odd"), "odd"),
        (UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates not allowed"), "What was given is not UTF-8 text."),
    ],
)
def test_each_fault_is_one_line(error, line):
    assert line_of(error) == line
