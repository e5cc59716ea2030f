"""`exec` as a person at a terminal meets it: real PostgreSQL, real Valkey, real signals."""

import os
import shutil

import pytest
import redis

from tests.config.launching import (
    execute,
    finish,
    processes_of,
    python,
    wait_for_line,
    wait_until,
)

pytestmark = pytest.mark.usefixtures("started_before")


def test_a_command_finds_both_servers_and_its_exit_code_is_ours(launch):
    code = """
import os, sys, psycopg, redis
connection = psycopg.connect(os.environ["DATABASE_URL"])
print(connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone())
redis.Redis.from_url(os.environ["REDIS_URL"]).ping()
sys.exit(7)
"""
    assert finish(execute(launch, *python(code))) == (7, "(False,)\n", "")


def test_given_addresses_are_used_and_nothing_is_started(launch, home):
    shutil.rmtree(home)
    home.mkdir()
    given = {"DATABASE_URL": "postgres://elsewhere/db", "REDIS_URL": "redis://elsewhere/0"}
    process = execute(launch, *python("import os; print(os.environ['DATABASE_URL'])"), **given)
    assert finish(process) == (0, "postgres://elsewhere/db\n", "")
    assert list(home.iterdir()) == []


def test_killing_the_launcher_leaves_no_server(launch, home):
    process = execute(launch, *python("import time; print('up', flush=True); time.sleep(600)"))
    wait_for_line(process, "up")
    assert len(processes_of(home)) > 2
    process.kill()
    wait_until(lambda: processes_of(home) == [])


def test_a_home_is_usable_right_after_a_kill(launch):
    for _ in range(2):
        process = execute(launch, *python("import time; print('up', flush=True); time.sleep(600)"))
        wait_for_line(process, "up")
        process.kill()
    assert finish(execute(launch, *python("print('again')"))) == (0, "again\n", "")


def test_a_pid_file_of_a_crash_is_forgotten_even_if_its_number_lives(launch, home):
    assert finish(execute(launch, *python("")))[0] == 0
    (home / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{home}/postgres\n")
    assert finish(execute(launch, *python("print('up')"))) == (0, "up\n", "")


def test_data_survives_a_stop(launch):
    connect = "import os, psycopg; c = psycopg.connect(os.environ['DATABASE_URL'], autocommit=True); "
    assert finish(execute(launch, *python(connect + "c.execute('create table kept()')")))[0] == 0
    assert finish(execute(launch, *python(connect + "print(c.execute('table kept').fetchall())"))) == (0, "[]\n", "")


def test_a_long_home_path_works(launch, home):
    long_home = home / ("a" * 100) / ("b" * 100)
    process = execute(launch, *python("print('up')"), ONECODE_HOME=str(long_home))
    assert finish(process) == (0, "up\n", "")
    assert not (long_home / "annex").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs servers under another account")
def test_a_home_below_a_closed_folder_works(launch, home):
    home.chmod(0o700)
    process = execute(launch, *python("print('up')"), ONECODE_HOME=str(home / "inner"))
    assert finish(process) == (0, "up\n", "")


def test_a_second_launcher_on_a_home_says_so_in_one_line(launch, home):
    first = execute(launch, *python("import time; print('up', flush=True); time.sleep(600)"))
    wait_for_line(first, "up")
    expected = f"The data folder {home} is in use by another launcher (process {first.pid})\n"
    assert finish(execute(launch, *python("print('up')"))) == (1, "", expected)


def test_a_home_that_cant_be_written_is_one_line(launch, home):
    (home / "file").write_text("")
    process = execute(launch, *python("print('up')"), ONECODE_HOME=str(home / "file" / "var"))
    assert finish(process) == (1, "", f"The data folder {home}/file/var can't be used: Not a directory\n")


def test_an_unknown_command_is_one_line(launch):
    code, out, err = finish(execute(launch, "/no/such/command"))
    assert (code, out, err.count("\n")) == (1, "", 1)


def test_a_stop_signal_reaches_the_command_and_its_code_is_ours(launch, home):
    code = (
        "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(5)); print('up', flush=True); time.sleep(600)"
    )
    process = execute(launch, *python(code))
    wait_for_line(process, "up")
    process.terminate()
    assert finish(process)[0] == 5
    assert processes_of(home) == []


def test_valkey_asks_for_its_password(launch):
    code = "import os; print(os.environ['REDIS_URL'], flush=True); import time; time.sleep(600)"
    process = execute(launch, *python(code))
    port = int(wait_for_line(process, "redis").rsplit(":", 1)[1].split("/")[0])
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=port).ping()
