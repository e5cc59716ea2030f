"""A server that hangs holds its clients for ever, since PostgreSQL's own time limits are kept by the server itself.

With OPTIONS["patience"] (seconds; 0: for ever) each wait for an answer ends: the connection is given up, and Django
sees an OperationalError, as when the server is away.

Whether a kept connection still lives, which Django wants to know once a request, is asked of the socket instead of
the server: a server that has ended a connection has said so, or closed it.
"""

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.utils.functional import cached_property


class HangingServer(psycopg.OperationalError):
    """No answer in time; whether a COMMIT was carried out is not known."""


class PatientConnection(psycopg.Connection[Any]):
    """A connection that is closed when the server does not answer within `patience` seconds."""

    patience: float

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """As psycopg's, for `patience` seconds where no shorter time was asked for."""
        if timeout is not None or not self.patience:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.patience)
        except psycopg.errors._WaitTimeout as error:  # noqa: SLF001 - what `wait` is documented to raise
            self.pgconn.finish()
            raise HangingServer(f"no answer within {self.patience:.0f} s") from error


class DatabaseWrapper(base.DatabaseWrapper):
    """Connections without a pool; one with a pool needs no class of its own, but the pool's `connection_class`."""

    @cached_property
    def connection_class(self) -> type[PatientConnection]:
        """The connection with this database's patience."""
        patience = float(self.settings_dict["OPTIONS"]["patience"])
        return type("Connection", (PatientConnection,), {"patience": patience})

    def get_connection_params(self) -> dict[str, Any]:
        """Those of libpq."""
        params: dict[str, Any] = super().get_connection_params()
        params.pop("patience")
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection of our class; the isolation level is PostgreSQL's default, READ COMMITTED."""
        self.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        return self.connection_class.connect(**conn_params)

    def is_usable(self) -> bool:
        """Whether the connection is open and silent between two transactions; the server is asked in doubt only."""
        opened = self.connection
        if opened is None or opened.closed:
            return False
        if opened.pgconn.transaction_status != psycopg.pq.TransactionStatus.IDLE or has_word(opened.fileno()):
            return bool(super().is_usable())
        return True


def has_word(socket: int) -> bool:
    """Whether something came in, be it the other side's end, that nobody has read yet."""
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))
