import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.config.launching import ROOT, processes_of, wait_until


@pytest.fixture
def home(tmp_path_factory):
    """A data folder the servers' account can reach: pytest's own lies below a closed one when we are root."""
    path = Path(f"/tmp/oc-{os.getpid()}-{time.monotonic_ns()}")  # noqa: S108
    path.mkdir()
    yield path
    shutil.rmtree(path, ignore_errors=True)


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
