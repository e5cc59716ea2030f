"""A server that hangs holds its clients for ever, since PostgreSQL's own time limits are kept by the server itself.

With OPTIONS["patience"] (seconds) each wait for an answer ends: the connection is given up, and Django sees an
OperationalError, as when the server is away.
"""

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
        if timeout is not None:
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
