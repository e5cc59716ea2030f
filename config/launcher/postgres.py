"""The embedded PostgreSQL: a private cluster reached through a Unix socket in a folder of its own, by password."""

import os
import shutil
import signal
import time
from pathlib import Path

import psycopg
from psycopg import sql

from config.launcher.errors import LaunchError
from config.launcher.processes import Child, ChildSpec, last_complaint, run_to_end, start
from config.launcher.site import Site

DATABASE = "onecode"
ROLE = "onecode"
_ADMIN = "postgres"
_FOLDER = "postgres"
_START_SECONDS = 60.0
_PASSWORD_LOGIN = ("--auth=scram-sha-256", "--username=" + _ADMIN)
# builtin C.UTF-8: the same order of rows on every machine, no system locale needed
_LOCALE = ("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8")

# For two cores and a table of tens of millions of rows. synchronous_commit stays on: a promised envelope is money.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "wal_buffers": "16MB",
    "max_wal_size": "2GB",
    "min_wal_size": "256MB",
    "checkpoint_completion_target": "0.9",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "synchronous_commit": "on",
    "jit": "off",
    # prepared plans made for small tables are made anew when it comes by: a campaign's first minute is long for that
    "autovacuum_naptime": "10s",
    "max_parallel_workers_per_gather": "0",  # a container's /dev/shm is too small for parallel hash joins
    "idle_in_transaction_session_timeout": "10min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}
# For throw-away data only: a crash of the machine loses the cluster.
FAST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal"} | {
    "max_wal_senders": "0",
    "autovacuum_naptime": "5min",
}


def start_postgres(site: Site) -> tuple[Child, str]:
    """Starts PostgreSQL on the site, making the cluster, role and database when they are missing.

    Answers the child and its `postgres://` address. Returns when it accepts queries. Raises `LaunchError`.
    """
    if not (site.home.path / _FOLDER).exists():
        _make_cluster(site)
    _forget_dead_postmaster(site.home.path / _FOLDER)
    child = start(_spec(site))
    try:
        _wait_until_ready(child, address=_address(site, _ADMIN), log=_log(site))
        _ensure_database(_address(site, _ADMIN), site.home.password(ROLE), fast=site.fast)
    except psycopg.Error as error:
        child.stop()
        raise LaunchError(f"PostgreSQL can't make the database: {str(error).splitlines()[0]}") from error
    except BaseException:
        child.stop()
        raise
    return child, _address(site, ROLE)


def _spec(site: Site) -> ChildSpec:
    settings = SETTINGS | (FAST_SETTINGS if site.fast else {}) | {"unix_socket_directories": str(site.sockets)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return ChildSpec(
        name="postgres",
        argv=[str(site.binaries.postgres), "-D", str(site.view / _FOLDER), *options],
        env=_environment(),
        log=_log(site),
        stop_signal=signal.SIGINT,  # "fast shutdown": SIGTERM would wait for every client to leave
        stop_seconds=60,
        account=site.account,
        cwd=site.home.path / _FOLDER,
        keep_fds=site.keep_fds,
    )


def _make_cluster(site: Site) -> None:
    """Runs initdb in a folder that gets its name only when whole: a kill half-way leaves nothing that looks ready."""
    draft = site.home.path / (_FOLDER + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    data = site.folder(draft.name)
    password_file = site.hand_over("initdb.password", site.home.password(_ADMIN))
    code = run_to_end(
        ChildSpec(
            name="initdb",
            argv=[
                *(str(site.binaries.initdb), "-D", str(data), f"--pwfile={password_file}"),
                *(*_PASSWORD_LOGIN, *_LOCALE),
                *(["--no-sync"] if site.fast else []),
            ],
            env=_environment(),
            log=_log(site),
            account=site.account,
            cwd=draft,
            keep_fds=site.keep_fds,
        )
    )
    (site.home.path / "initdb.password").unlink()
    if code != 0:
        raise LaunchError(f"PostgreSQL's data can't be made: {last_complaint(_log(site))}")
    draft.rename(site.home.path / _FOLDER)


def _forget_dead_postmaster(data: Path) -> None:
    """Removes the pid file of a crash: another process may carry that number now, and PostgreSQL would give up.

    The home's lock says that no server of ours is alive; a live postgres under that number is somebody's own doing
    and is left to PostgreSQL's own check.
    """
    pid_file = data / "postmaster.pid"
    if not pid_file.exists():
        return
    pid = pid_file.read_text().partition("\n")[0].strip()
    command = Path("/proc") / pid / "comm"
    if not command.exists() or command.read_text().strip() != "postgres":
        pid_file.unlink()


def _wait_until_ready(child: Child, *, address: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            psycopg.connect(address, connect_timeout=5, autocommit=True, dbname="postgres").close()
        except psycopg.OperationalError as error:
            if child.process.poll() is not None:
                raise LaunchError(f"PostgreSQL did not start: {last_complaint(log)}") from error
            if time.monotonic() > deadline:
                raise LaunchError(f"PostgreSQL does not answer: {str(error).splitlines()[0]}") from error
            time.sleep(0.03)
        else:
            return


def _ensure_database(admin_address: str, password: str, *, fast: bool) -> None:
    """Makes the application's role and database. No superuser: those pass row-level security by.

    Where nothing is kept, the role may pass by triggers, with which tests empty tables fast.
    """
    role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
    with psycopg.connect(admin_address, autocommit=True, dbname="postgres") as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            create = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
            connection.execute(create.format(role, sql.Literal(password)))
        if fast:
            connection.execute(sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {}").format(role))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))


def _address(site: Site, role: str) -> str:
    return f"postgres://{role}:{site.home.password(role)}@/{DATABASE}?host={site.sockets}"


def _log(site: Site) -> Path:
    return site.home.logs / "postgres.log"


def _environment() -> dict[str, str]:
    """Only what the server needs: nothing of the caller's PG* variables may steer it."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
