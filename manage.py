#!/usr/bin/env python
"""Commands of the site: of the one that `make run` runs on ONECODE_HOME, unless the environment names another."""

import os
import sys
from pathlib import Path

from config.launcher.joining import join_running_site

OURS = Path(__file__).resolve().parent / ".venv"

try:
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
except ImportError:  # called by the machine's own Python: the one that `make run` has made has the packages
    if Path(sys.prefix) == OURS or not (OURS / "bin" / "python").exists():
        raise
    os.execv(OURS / "bin" / "python", [str(OURS / "bin" / "python"), *sys.argv])  # noqa: S606 - no shell wanted

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    joined = join_running_site(os.environ)
    try:
        settings.DEBUG  # noqa: B018 - read once, since Django would call every command of ours unknown
    except ImproperlyConfigured as error:
        hint = (
            "" if joined else " No site runs on ONECODE_HOME: start one with `make run`, or set .env.example's values."
        )
        sys.exit(f"{error}{hint}")
    execute_from_command_line(sys.argv)
