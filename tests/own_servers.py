"""Servers of their own for some tests: ones that can be stopped, or on which nobody else writes."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from config.launcher.home import open_home
from config.launcher.services import Services, running_services
from core.valkey import valkey


@contextmanager
def own_servers(*, fast: bool) -> Iterator[tuple[Path, Services]]:
    """A folder and the servers whose data lie in it, with our tables; meanwhile they are this process's own."""
    folder = Path(tempfile.mkdtemp(prefix="oc-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        services = stack.enter_context(running_services(open_home(folder), {}, fast=fast))
        stack.enter_context(our_parts(services.addresses))
        call_command("migrate", verbosity=0, run_syncdb=True)  # from the models, as every test database
        yield folder, services


@contextmanager
def our_parts(addresses: dict[str, str]) -> Iterator[None]:
    """These servers instead of the test run's."""
    database = environ.Env.db_url_config(addresses["DATABASE_URL"])
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update({name: database[name] for name in ("NAME", "HOST", "USER", "PASSWORD", "PORT")})
    connection.settings_dict["OPTIONS"] = settings.DATABASES["default"]["OPTIONS"] | database.get("OPTIONS", {})
    valkey.cache_clear()
    assert urlsplit(addresses["REDIS_URL"]).port
    with override_settings(REDIS_URL=addresses["REDIS_URL"]):
        yield
    valkey.cache_clear()
    connection.close()
    connection.settings_dict.update(before)
