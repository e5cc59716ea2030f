import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.config.launching import ROOT, processes_of, wait_until


@contextmanager
def reachable_folder():
    """A folder the servers' account can reach: pytest's own lies below a closed one when we are root."""
    path = Path(f"/tmp/oc-{os.getpid()}-{time.monotonic_ns()}")  # noqa: S108
    path.mkdir()
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def home():
    """An empty data folder."""
    with reachable_folder() as path:
        yield path


@pytest.fixture(scope="session")
def home_of_another_day():
    """A data folder whose first start, which makes the database's cluster, is over."""
    with reachable_folder() as path:
        environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        command = [sys.executable, "-m", "config.launcher", "exec", "--fast", "--", "true"]
        subprocess.run(command, env=environment | {"ONECODE_HOME": str(path)}, cwd=ROOT, check=True)
        yield path


@pytest.fixture
def started_before(home, home_of_another_day):
    """The first start of `home` is over."""
    subprocess.run(["cp", "-a", f"{home_of_another_day}/.", home], check=True)  # keeps owners and rights


@pytest.fixture
def launch(home):
    """Starts a launcher on `home`; whatever still runs at the end of the test is killed, and counts as a failure."""
    started = []

    def start(*argv, **variables):
        own = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        env = own | {"ONECODE_HOME": str(home), "PYTHONPATH": str(ROOT)} | variables
        process = subprocess.Popen(
            [sys.executable, *argv], env=env, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
    wait_until(lambda: not processes_of(home))
