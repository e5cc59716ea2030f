"""`reset`, and the parts of the launcher that need no server."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from config.launcher.account import Account
from config.launcher.binaries import find_binaries
from config.launcher.errors import LaunchError
from config.launcher.home import open_home
from config.launcher.options import read_options
from tests.config.launching import execute, finish, python, wait_for_line


def reset(launch, **variables):
    return finish(launch("-m", "config.launcher", "reset", **variables))


def test_reset_removes_a_data_folder(launch, home):
    os.close(open_home(home / "var").lock_fd)
    assert reset(launch, ONECODE_HOME=str(home / "var")) == (0, f"{home}/var is removed\n", "")
    assert not (home / "var").exists()


def test_reset_of_nothing_is_no_failure(launch, home):
    assert reset(launch, ONECODE_HOME=str(home / "var")) == (0, f"There is no data in {home}/var\n", "")


def test_reset_spares_a_folder_that_is_not_ours(launch, home):
    (home / "letter").write_text("dear")
    assert reset(launch) == (1, "", f"{home} is not a data folder of OneCode: nothing is removed\n")
    assert (home / "letter").exists()


def test_reset_spares_a_folder_in_use(launch, home):
    process = execute(launch, *python("import time; print('up', flush=True); time.sleep(600)"))
    wait_for_line(process, "up")
    code, out, err = reset(launch)
    assert (code, out) == (1, "")
    assert err == f"The data folder {home} is in use by another launcher (process {process.pid})\n"


def test_an_empty_port_is_the_usual_one():
    assert read_options({"PORT": ""}).port == 8000


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http"])
def test_a_port_is_a_number_a_server_can_have(port):
    with pytest.raises(LaunchError, match="PORT must be a number"):
        read_options({"PORT": port})


def test_the_address_of_a_site_on_every_interface_is_one_that_opens():
    assert read_options({"HOST": "0.0.0.0", "PORT": "80"}).url == "http://127.0.0.1:80"  # noqa: S104
    assert read_options({"HOST": "::", "PORT": "80"}).url == "http://[::1]:80"


def test_an_account_that_cant_enter_a_folder_knows_it(tmp_path):
    nobody = Account(65534, 65534, switch=True)
    (tmp_path / "closed" / "inner").mkdir(parents=True)
    (tmp_path / "closed").chmod(0o700)
    assert not nobody.can_enter(tmp_path / "closed" / "inner")
    assert Account(os.geteuid(), os.getegid(), switch=False).can_enter(tmp_path / "closed" / "inner")


def test_programs_an_account_cant_reach_are_copied_whole(home, monkeypatch):
    monkeypatch.setattr(Account, "can_enter", lambda _account, _folder: False)
    programs = find_binaries(account=Account(65534, 65534, switch=True), copy_to=home)
    for program in (programs.postgres, programs.initdb, programs.valkey_server):
        assert home in program.parents
        assert program.stat().st_mode & stat.S_IXOTH
        answer = os.popen(f"{program} --version").read()  # noqa: S605
        assert "18." in answer or "v=9." in answer


def test_a_copy_cut_short_is_made_anew(home, monkeypatch):
    monkeypatch.setattr(Account, "can_enter", lambda _account, _folder: False)
    account = Account(65534, 65534, switch=True)
    first = find_binaries(account=account, copy_to=home)
    whole = Path(*first.valkey_server.parts[: len(home.parts) + 1])
    whole.rename(whole.with_name(whole.name + ".new"))
    shutil.rmtree(whole.with_name(whole.name + ".new") / "_binaries")
    assert find_binaries(account=account, copy_to=home).valkey_server.exists()
