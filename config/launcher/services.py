"""The servers below the application, as one thing to start and stop."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from config.launcher.home import Home
from config.launcher.postgres import start_postgres
from config.launcher.processes import Child
from config.launcher.site import Site, prepared_site
from config.launcher.valkey import start_valkey

_STARTERS: dict[str, Callable[[Site], tuple[Child, str]]] = {
    "DATABASE_URL": start_postgres,
    "REDIS_URL": start_valkey,
}


@dataclass(frozen=True)
class Services:
    """`addresses` is both variables; `children` the servers that are ours."""

    addresses: dict[str, str]
    children: list[Child]


@contextmanager
def running_services(home: Home, env: Mapping[str, str], *, fast: bool) -> Iterator[Services]:
    """Starts what `DATABASE_URL` and `REDIS_URL` in `env` don't name; on leaving, Valkey stops first, PostgreSQL last.

    Raises `LaunchError`.
    """
    services = Services({name: env[name] for name in _STARTERS if env.get(name)}, [])
    missing = [name for name in _STARTERS if name not in services.addresses]
    with ExitStack() as stack:
        if missing:
            site = stack.enter_context(prepared_site(home, fast=fast))
        for name in missing:
            child, services.addresses[name] = _STARTERS[name](site)
            stack.callback(child.stop)
            services.children.append(child)
        yield services
