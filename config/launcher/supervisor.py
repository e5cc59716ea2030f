"""Keeps children alive: one that ends unasked is started again, ever more slowly while it keeps ending."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from config.launcher.errors import LaunchError
from config.launcher.processes import Child

_FIRST_DELAY = 1.0
_LONGEST_DELAY = 30.0
_SETTLED_SECONDS = 60.0
_LOOK_SECONDS = 0.2


@dataclass
class _Watch:
    child: Child
    started_at: float
    delay: float = _FIRST_DELAY
    restart_at: float | None = None


class Supervisor:
    """Watches children; `say` gets a line for each end and each new start. Times are of the monotonic clock."""

    def __init__(self, children: Sequence[Child], say: Callable[[str], None]) -> None:
        now = time.monotonic()
        self._watches = [_Watch(child, now) for child in children]
        self._say = say

    def run(self) -> None:
        """Watches until an exception (a stop signal) ends it."""
        while True:
            self.look(time.monotonic())
            time.sleep(_LOOK_SECONDS)

    def look(self, now: float) -> None:
        """One round over all children."""
        for watch in self._watches:
            if watch.restart_at is not None:
                if now >= watch.restart_at:
                    self._restart(watch, now)
            elif watch.child.process.poll() is not None:
                self._plan_restart(watch, now, f"ended with code {watch.child.process.returncode}")

    def _plan_restart(self, watch: _Watch, now: float, reason: str) -> None:
        if now - watch.started_at > _SETTLED_SECONDS:
            watch.delay = _FIRST_DELAY
        watch.restart_at = now + watch.delay
        self._say(
            f"{watch.child.spec.name} {reason}; starting it again in {watch.delay:.0f} s ({watch.child.spec.log})"
        )
        watch.delay = min(watch.delay * 2, _LONGEST_DELAY)

    def _restart(self, watch: _Watch, now: float) -> None:
        watch.started_at, watch.restart_at = now, None
        try:
            watch.child.restart()
        except LaunchError as error:
            self._plan_restart(watch, now, str(error))
        else:
            self._say(f"{watch.child.spec.name} runs again")
