"""Histories by hypothesis over a world that is made once: each history undoes its own writes."""

from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine


class UndoneHistory(RuleBasedStateMachine):
    """All of a history is undone after it; what must be true at its end is asked before."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo._from_testcase = True  # Django's own mark, which lets "durable" transactions run inside
        self.undo.__enter__()

    def at_the_end(self) -> None:
        """Asserts what holds after every history, also after one that never began."""
        raise NotImplementedError

    def teardown(self) -> None:
        try:
            self.at_the_end()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)
