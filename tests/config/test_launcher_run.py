"""`run` as a person at a terminal meets it: real PostgreSQL, real Valkey, real signals."""

import os
import re
import signal
import socket

import psycopg
import pytest

from tests.config.launching import (
    STAND_IN,
    answer,
    child_named,
    finish,
    free_port,
    processes_of,
    site,
    wait_for_line,
    wait_until,
)

pytestmark = pytest.mark.usefixtures("started_before")


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_signal_ends_a_run_with_success_and_nothing_left(launch, home, signum):
    process = site(launch, free_port())
    wait_for_line(process, "ready")
    process.send_signal(signum)
    assert finish(process) == (0, "[onecode] stopping\n", "")
    assert processes_of(home) == []


def test_killing_a_run_leaves_nothing(launch, home):
    process = site(launch, free_port())
    wait_for_line(process, "ready")
    process.kill()
    wait_until(lambda: processes_of(home) == [])


def test_killing_make_stops_the_run_below_it_and_another_may_follow_at_once(launch, home):
    command = f"import subprocess, sys; subprocess.run([sys.executable, {str(STAND_IN)!r}, 'run'])"
    killed = launch("-c", command, MAKELEVEL="1", PORT=str(free_port()))
    wait_for_line(killed, "ready")
    killed.kill()
    process = site(launch, free_port())
    wait_for_line(process, "ready")
    process.terminate()
    assert finish(process)[0] == 0
    assert processes_of(home) == []


def test_a_taken_port_is_one_line_and_starts_nothing(launch, home):
    before = (home / "logs" / "postgres.log").read_text()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = finish(site(launch, port))
    assert (code, out) == (1, "")
    assert err == f"Can't listen on 127.0.0.1:{port}: Address already in use. Choose another: make run PORT=8001\n"
    assert (home / "logs" / "postgres.log").read_text() == before


def test_a_failing_preparation_is_one_line_and_stops_everything(launch, home):
    process = site(launch, free_port(), STAND_IN_FAILURE="database is on fire: error 5")
    code, _, err = finish(process)
    assert (code, err) == (
        1,
        f"prepare ended with code 1: database is on fire: error 5 (see {home}/logs/prepare.log)\n",
    )
    assert processes_of(home) == []


def test_a_child_that_dies_is_started_again(launch, home):
    port = free_port()
    process = site(launch, port)
    wait_for_line(process, "ready")
    first = answer(port)
    os.kill(first, signal.SIGKILL)
    assert "web ended with code -9; starting it again in 1 s" in wait_for_line(process, "ended")
    wait_for_line(process, "web runs again")
    wait_until(lambda: (home / "logs" / "web.log").read_text().count("web starts") == 2)


@pytest.mark.parametrize("server", ["postgres", "valkey-server"])
def test_a_server_that_dies_comes_back_under_its_address(launch, home, server):
    process = site(launch, free_port())
    wait_for_line(process, "ready")
    address = re.search("postgres://.*", (home / "logs" / "prepare.log").read_text()).group()
    os.kill(child_named(home, server), signal.SIGKILL)
    wait_for_line(process, "runs again")
    wait_until(lambda: can_connect(address))
    process.terminate()
    assert finish(process)[0] == 0
    assert processes_of(home) == []


def can_connect(address):
    try:
        psycopg.connect(address).close()
    except psycopg.OperationalError:
        return False
    return True


def test_secrets_are_private_and_stay_the_same(launch, home):
    def secrets():
        process = site(launch, free_port())
        wait_for_line(process, "ready")
        process.terminate()
        assert finish(process)[0] == 0
        return (home / "secrets.env").read_text()

    first = secrets()
    assert re.fullmatch(r"SECRET_KEY=[\w-]{86}\nONECODE_CODE_KEYS=1:[0-9a-f]{64}\n", first)
    assert (home / "secrets.env").stat().st_mode & 0o777 == 0o600
    assert secrets() == first
