"""What the launcher's tests ask of processes, ports and signals."""

import socket
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STAND_IN = ROOT / "tests" / "config" / "launcher_stand_in.py"
PATIENCE = 120.0  # generous: a busy machine is no failure


def execute(launch, *command, **variables):
    return launch("-m", "config.launcher", "exec", "--fast", "--", *command, **variables)


def site(launch, port, **variables):
    return launch(str(STAND_IN), "run", PORT=str(port), **variables)


def python(code):
    return sys.executable, "-c", code


def finish(process):
    out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, err


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def wait_for_line(process, text):
    for line in process.stdout:
        if text in line:
            return line
    raise AssertionError(process.stderr.read())


def processes_of(home):
    """Living processes that hold this data folder's lock."""
    lock = str((home / "launcher.lock").resolve())
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if lock in open_files(entry)]


def open_files(process):
    try:
        return [str(entry.readlink()) for entry in (process / "fd").iterdir()]
    except OSError:
        return []


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def child_named(home, name):
    return next(pid for pid in processes_of(home) if Path(f"/proc/{pid}/comm").read_text().strip() == name)


def answer(port):
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        return int(connection.makefile().read().rsplit("\n", 1)[1])
