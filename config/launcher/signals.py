import signal
from types import FrameType

from config.launcher.errors import Interrupted

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def raise_on_stop_signals() -> None:
    """From now on the first stop signal raises `Interrupted` in the main thread; later ones are ignored.

    Stopping is bounded in time, so a second Ctrl-C must not cut it short and leave servers behind.
    """
    for number in STOP_SIGNALS:
        signal.signal(number, _interrupt)


def _interrupt(signum: int, _frame: FrameType | None) -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise Interrupted(signum)
