"""Starting one child so that it can't outlive us, and stopping it for sure."""

import ctypes
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from config.launcher.account import Account
from config.launcher.errors import LaunchError

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class ChildSpec:
    """One line of the process table.

    `stop_signal` asks for an orderly end, also when the launcher itself is killed; after `stop_seconds` the child's
    whole process group is killed. `account` is set for servers that must not run as root, `cwd` and `keep_fds` are
    handed to the child as they are. A `foreground` child shares our terminal; others get a session of their own, so
    that Ctrl-C reaches them only through us, in order. One of some `niceness` (0 to 19) lets the others go first where
    they share the machine.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 15.0
    account: Account | None = None
    cwd: Path | None = None
    keep_fds: tuple[int, ...] = field(default=())
    foreground: bool = False
    niceness: int = 0


@dataclass
class Child:
    """A running child and the line of the table it came from."""

    spec: ChildSpec
    process: subprocess.Popen[bytes]

    def restart(self) -> None:
        """Starts it anew after its end, without what it may have left holding its port. Raises `LaunchError`."""
        _kill_group(self.process.pid)
        self.process = start(self.spec).process

    def stop(self) -> None:
        """Asks the child to end, waits, then kills its group: returns when it is gone."""
        if self.process.poll() is None:
            self.process.send_signal(self.spec.stop_signal)
        try:
            self.process.wait(self.spec.stop_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if not self.spec.foreground:
            _kill_group(self.process.pid)


def start(spec: ChildSpec) -> Child:
    """Starts the child. Must be called from the main thread: Linux ties "parent died" to the thread that forked.

    Raises `LaunchError` when the program can't be started.
    """
    try:
        log = spec.log.open("ab") if spec.log else None
        try:
            child = Child(spec, _popen(spec, log))
            if spec.niceness:
                _let_others_go_first(child.process.pid, spec.niceness)
            return child
        finally:
            if log:
                log.close()
    except OSError as error:
        raise LaunchError(f"{spec.name} can't be started: {error.strerror} ({error.filename})") from error


def run_to_end(spec: ChildSpec) -> int:
    """Runs a child that ends by itself; answers its exit code. Leaves nothing behind when we are interrupted."""
    child = start(spec)
    try:
        return child.process.wait()
    finally:
        child.stop()


def _popen(spec: ChildSpec, log: IO[bytes] | None) -> subprocess.Popen[bytes]:
    become = spec.account if spec.account and spec.account.switch else None
    return subprocess.Popen(  # noqa: S603 - our own process table, no shell
        spec.argv,
        env=dict(spec.env),
        cwd=spec.cwd,
        stdin=None if spec.foreground else subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT if log else None,
        start_new_session=not spec.foreground,
        pass_fds=spec.keep_fds,
        user=become.uid if become else None,
        group=become.gid if become else None,
        extra_groups=[] if become else None,
        preexec_fn=_die_with(os.getpid(), spec.stop_signal),  # noqa: PLW1509 - one thread, and one call into libc
    )


def _let_others_go_first(pid: int, niceness: int) -> None:
    """Lower the priority of a child, and of its session: where Linux groups sessions, only that counts between them.

    Source: sched(7), "The autogroup feature".
    """
    with suppress(OSError):  # it has ended already
        os.setpriority(os.PRIO_PROCESS, pid, niceness)
    with suppress(OSError):  # another system, or one without groups
        Path(f"/proc/{pid}/autogroup").write_text(str(niceness))


def _die_with(parent: int, signum: signal.Signals) -> Callable[[], None]:
    """What the child runs between fork and exec. Python calls it after the change of user, which clears the setting."""

    def ask_for_signal() -> None:
        if _LIBC is None:
            return
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)

    return ask_for_signal


def stop_with_parent() -> None:
    """Has Linux send us SIGTERM when our own parent is killed."""
    _die_with(os.getppid(), signal.SIGTERM)()


def _kill_group(pid: int) -> None:
    """Ends what the child may have left in its process group."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def last_complaint(log: Path) -> str:
    """The last line of a log that names an error, else its last line: what a one-line message quotes."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines()[-50:] if line.strip()]
    errors = [line for line in lines if re.search(r"error|fatal|panic|no space|can't|could not", line, re.IGNORECASE)]
    return (errors or lines or ["it wrote no reason"])[-1]
