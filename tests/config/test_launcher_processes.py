"""How one child is started."""

import os
import sys
from pathlib import Path

import pytest

from config.launcher.processes import ChildSpec, start

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.mark.parametrize("niceness", [0, 10])
def test_a_child_that_lets_others_go_first_does_so_between_sessions_too(niceness) -> None:
    child = start(ChildSpec("sleeper", SLEEPER, os.environ, niceness=niceness))
    try:
        assert os.getpriority(os.PRIO_PROCESS, child.process.pid) - os.getpriority(os.PRIO_PROCESS, 0) == niceness
        group = Path(f"/proc/{child.process.pid}/autogroup")
        if group.exists():
            assert group.read_text().split()[-1] == str(niceness)
    finally:
        child.stop()
