"""What a person types beside a run works on that run."""

import os
import subprocess
import sys

import pytest

from tests.config.launching import ROOT, finish, free_port, site, wait_for_line


@pytest.fixture
def manage(home):
    """`manage.py` as typed in a terminal that knows nothing of the site but ONECODE_HOME."""

    def call(*words):
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            capture_output=True,
            check=False,
            text=True,
            env={"PATH": os.environ["PATH"], "ONECODE_HOME": str(home)},
        )
        return done.returncode, done.stdout, done.stderr

    return call


@pytest.mark.usefixtures("started_before")
def test_a_command_works_on_the_site_that_runs(launch, manage):
    process = site(launch, free_port())
    wait_for_line(process, "ready")
    code, out, err = manage("showmigrations", "core")
    assert (code, out.splitlines()[1], err) == (0, " [ ] 0001_initial", "")
    assert '"verdict":"unknown"' in manage("verify_code", "1" + "Z" * 16)[1]


@pytest.mark.usefixtures("started_before")
def test_what_commands_are_told_is_private_and_gone_with_the_run(launch, home):
    process = site(launch, free_port())
    wait_for_line(process, "ready")
    assert (home / "site.json").stat().st_mode & 0o777 == 0o600
    process.terminate()
    assert finish(process)[0] == 0
    assert not (home / "site.json").exists()


def test_without_a_site_a_command_says_in_one_line_how_to_get_one(manage):
    code, out, err = manage("recount")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "make run" in err


def test_an_environment_of_its_own_is_left_as_it_is(home, manage, monkeypatch):
    (home / "site.json").write_text('{"SECRET_KEY": "theirs"}')
    done = subprocess.run(
        [sys.executable, "manage.py", "recount"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
        env={"PATH": os.environ["PATH"], "ONECODE_HOME": str(home), "SECRET_KEY": "x" * 60},
    )
    assert "ONECODE_PUBLIC_URL" in done.stderr
