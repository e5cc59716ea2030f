"""Commands beside a run: `manage.py` finds the site that runs on the data folder, and works on that."""

import json
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from pathlib import Path

from config.launcher.home import write_private
from config.launcher.options import read_options

_NAME = "site.json"
_OWN_SITE = ("SECRET_KEY", "DATABASE_URL")
_SETTINGS = {*_OWN_SITE, "REDIS_URL", "ALLOWED_HOSTS"}
"""Those whose names don't begin with ONECODE_."""


@contextmanager
def told_to_commands(home: Path, env: Mapping[str, str]) -> Iterator[None]:
    """While it lasts, the folder holds each setting of OneCode in `env`, for its owner's eyes alone."""
    ours = {name: value for name, value in env.items() if name in _SETTINGS or name.startswith("ONECODE_")}
    write_private(home / _NAME, json.dumps(ours, indent=1) + "\n")
    try:
        yield
    finally:
        (home / _NAME).unlink(missing_ok=True)


def join_running_site(env: MutableMapping[str, str]) -> bool:
    """Fill `env` up from the run on ONECODE_HOME (./var); False where there is none.

    An environment that names a secret or a database of its own is left as it is.
    """
    if any(env.get(name) for name in _OWN_SITE):
        return False
    try:
        site = json.loads((read_options(env).home / _NAME).read_text())
    except (OSError, ValueError):
        return False
    for name, value in site.items():
        env.setdefault(name, value)
    return True
