class LaunchError(Exception):
    """The launcher can't go on; the message is the one line the person at the terminal reads."""


class Interrupted(BaseException):
    """SIGINT, SIGTERM or SIGHUP arrived. A BaseException, so that no handler of ordinary failures swallows it."""

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.signum = signum
