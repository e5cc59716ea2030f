"""Whatever is wrong with what a command is given, it says so in one line, fails, and writes nothing."""

import datetime as dt
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, ManagementUtility, call_command, get_commands

from codes.formats.code_text import Role
from core import clock
from tests.conftest import kept_for_the_module
from tests.factories.codes import ProductFactory, make_order
from tests.rows_kept import rows_kept

ROOMS = ("core", "stores", "consumers", "codes", "rewards", "config")
ROOT = Path(__file__).parents[2]
TOMORROW = (clock.now() + dt.timedelta(days=2)).date().isoformat()


def issue_codes(**changed):
    facts = {"brand": "spring", "gtin": "06901234567892", "lot": "L1", "quantity": "3", "output": "{folder}/c.csv"}
    return ["issue_codes", *(f"--{name}={value}" for name, value in (facts | changed).items() if value is not None)]


WRONG = [
    (issue_codes(brand="nobody"), "brand: There is no brand nobody."),
    (issue_codes(brand=None), "required: --brand"),
    (issue_codes(gtin="6901234567890"), "gtin: "),
    (issue_codes(gtin="twelve"), "gtin: "),
    (issue_codes(gtin="06901234567809"), "gtin: "),
    (issue_codes(lot=""), "lot: A lot has 1 to 20 characters."),
    (issue_codes(lot="x" * 21), "lot: A lot has 1 to 20 characters."),
    (issue_codes(lot="\x00"), "The database refused: PostgreSQL text fields cannot contain NUL"),
    (issue_codes(quantity="ten"), "--quantity: invalid int value: 'ten'"),
    (issue_codes(quantity="0"), "quantity: 0 units"),
    (issue_codes(quantity="-5"), "quantity: -5 units"),
    (issue_codes(quantity=str(2**40)), f"quantity: {2**40} units"),
    (issue_codes(quantity=str(10**30)), f"quantity: {10**30} units"),
    (issue_codes(roles="lid"), "roles: There is no role lid"),
    (issue_codes(roles="item_inner,pallet"), "one level"),
    (issue_codes(roles=","), "roles: "),
    (issue_codes(output="{folder}"), "is not a file."),
    (issue_codes(output="{folder}/none/c.csv"), "The print file can't be written: No such file or directory."),
    (issue_codes(output=None), "required: --output"),
    ([*issue_codes(), "--colour=red"], "unrecognized arguments: --colour=red"),
    (["verify_code"], "required: CODE"),
    (["withdraw_key"], "required: VERSION"),
    (["withdraw_key", "1"], "version: New orders still get this key."),
    (["simulate", "--stores=many"], "--stores must be a whole number from 1 to 2000, not 'many'."),
    (["simulate", "--stores=2001"], "--stores must be"),
    (["simulate", "--consumers=-1"], "--consumers must be"),
    (["simulate", "--days=0"], "--days must be"),
    (["simulate", "--days=3.5"], "--days must be"),
    (["simulate", "--seed=x"], "--seed must be"),
    (["simulate", "--brand=a b"], "--brand must be a slug"),
    (["simulate", "--brand="], "--brand must be a slug"),
    (["simulate", f"--brand={'x' * 51}"], "--brand must be a slug"),
    (["replay_risk", "--brand=nobody"], "--brand: there is no brand 'nobody'"),
    (["verify_draw"], "required: FILE"),
    (["dry_run"], "required: CAMPAIGN"),
    (["dry_run", "0"], "There is no campaign 0."),
    (["dry_run", "1", "--since=soon"], "invalid fromisoformat value: 'soon'"),
    (["verify_draw", "/nowhere"], "No such file"),
    (["verify_draw", "/dev/null"], "the file is not JSON"),
    (["reconcile", "--provider=nobody"], "'nobody' is not one of sandbox"),
    (["reconcile", "--date=yesterday"], "'yesterday' is no day; write it as 2026-03-01"),
    (["reconcile", "--date=2026-02-30"], "'2026-02-30' is no day"),
    (["reconcile", f"--date={TOMORROW}"], "--date must lie between 2000-01-01 and"),
    (["reconcile", "--date=0001-01-01"], "--date must lie between 2000-01-01 and"),
    (["recount", "--brand=spring"], "unrecognized arguments: --brand=spring"),
    (["recount", "now"], "unrecognized arguments: now"),
    (["load_demo", "--again"], "unrecognized arguments: --again"),
    (["load_regions", "510000"], "unrecognized arguments: 510000"),
    (["install_groups", "editors"], "unrecognized arguments: editors"),
]


def refusal_of(words, folder):
    with pytest.raises(CommandError) as refusal:
        call_command(*(word.replace("{folder}", str(folder)) for word in words))
    assert refusal.value.returncode != 0
    return str(refusal.value)


@pytest.fixture(scope="module")
def kept(django_db_setup, django_db_blocker):
    """How many rows there are with a product; it stays for all of these tests."""
    with kept_for_the_module(django_db_blocker):
        ProductFactory(brand__slug="spring", gtin="06901234567892")
        yield rows_kept()


@pytest.mark.django_db
@pytest.mark.parametrize(("words", "said"), WRONG, ids=[" ".join(words)[:60] for words, _ in WRONG])
def test_wrong_words_are_told_in_one_line_and_nothing_is_written(kept, tmp_path, words, said):
    told = refusal_of(words, tmp_path)
    assert said in told
    assert "\n" not in told
    assert rows_kept() == kept
    assert list(tmp_path.iterdir()) == []


def test_every_command_of_ours_is_asked_here():
    ours = {name for name, app in get_commands().items() if app in ROOMS or app.split(".")[0] in ROOMS}
    assert {words[0] for words, _ in WRONG} == ours


@pytest.mark.django_db
def test_a_market_is_never_played_with_real_money(settings, tmp_path):
    settings.PAYMENT_PROVIDER = "wechatpay"
    before = rows_kept()
    assert "sandbox wallet only" in refusal_of(["simulate"], tmp_path)
    assert rows_kept() == before


@pytest.mark.django_db
def test_a_demo_whose_folder_can_not_be_written_makes_nothing(settings, tmp_path):
    settings.DEMO, settings.HOME = True, tmp_path / "file"
    settings.HOME.write_text("in the way")
    before = rows_kept()
    assert refusal_of(["load_demo"], tmp_path).endswith("demo.json can't be written: Not a directory.")
    assert rows_kept() == before


@pytest.mark.django_db
def test_a_refused_order_leaves_an_earlier_file_as_it_was(kept, tmp_path):
    output = tmp_path / "c.csv"
    output.write_text("earlier")
    refusal_of(issue_codes(gtin="06901234567809"), tmp_path)
    assert (output.read_text(), [path.name for path in tmp_path.iterdir()]) == ("earlier", ["c.csv"])


@pytest.mark.django_db
def test_codes_that_are_none_are_verdicts_and_no_faults(capsys):
    order = make_order(roles=(Role.ITEM_OUTER,))
    call_command("verify_code", "", "\udcff", "x" * 5_000, "1" + "Z" * 16, str(order.first_serial))
    assert [line.split('"verdict":')[1] for line in capsys.readouterr().out.splitlines()] == [
        '"malformed"}',
        '"malformed"}',
        '"malformed"}',
        '"unknown"}',
        '"malformed"}',
    ]


def run(*words, **surroundings):
    """A process of its own: exit code, stdout, and the lines of stderr."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=120,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"} | surroundings,
    )
    return done.returncode, done.stdout, done.stderr.decode(errors="replace").splitlines()


NOWHERE = "postgres://nobody@127.0.0.1:1/none"


@pytest.mark.parametrize(
    ("words", "surroundings", "code", "said"),
    [
        (issue_codes(quantity="ten"), {}, 2, "CommandError: Error: argument --quantity: invalid int value: 'ten'"),
        (issue_codes(brand=b"\xff".decode(errors="surrogateescape")), {}, 1, "not UTF-8"),
        (issue_codes(), {"DATABASE_URL": NOWHERE}, 1, "CommandError: The database refused: "),
    ],
    ids=["no number", "no UTF-8", "no database"],
)
def test_a_process_says_it_in_one_line_of_stderr_and_fails(tmp_path, words, surroundings, code, said):
    words = [word.replace("{folder}", str(tmp_path)) for word in words]
    returncode, out, lines = run(*words, **surroundings)
    assert (returncode, out, len(lines)) == (code, b"", 1), lines
    assert said in lines[0]
    assert list(tmp_path.iterdir()) == []


def said_by(command, *words):
    """The command asked as a process asks it: how it ends, and what it has said on stderr."""
    asked, stderr = ManagementUtility(["manage.py", command]).fetch_command(command), io.StringIO()
    asked.stderr._out = stderr
    with pytest.raises((SystemExit, CommandError)) as end:
        asked.run_from_argv(["manage.py", command, *words])
    return end.value, stderr.getvalue()


def test_a_day_that_is_none_is_one_line_of_stderr_and_the_exit_code_of_a_wrong_command_line():
    end, said = said_by("reconcile", "--date=soon")
    assert (end.code, said.count("\n")) == (2, 1)
    assert "'soon' is no day; write it as 2026-03-01" in said


def test_the_whole_story_is_told_to_whoever_asks_for_it():
    end, said = said_by("reconcile", "--date=soon", "--traceback")
    assert (type(end), said) == (CommandError, "")


@pytest.mark.django_db
def test_an_interrupted_command_says_so(monkeypatch, tmp_path):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr("stores.management.commands.load_regions.load_regions", interrupted)
    with pytest.raises(CommandError, match=r"^Interrupted\.$") as refusal:
        call_command("load_regions")
    assert refusal.value.returncode == 130
