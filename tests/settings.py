"""Settings of the test run: the product's own, with throw-away secrets and cheap password hashes."""

import os
import re
import tempfile
from pathlib import Path


def own_valkey_database(url: str, worker: str) -> str:
    """Test processes side by side each get a Valkey database of their own, as they get one of PostgreSQL."""
    number = int(re.sub(r"\D", "", worker) or 0)
    return re.sub(r"/\d+$", f"/{number + 1}", url) if worker else url


os.environ.setdefault("ONECODE_DEMO", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("ONECODE_CODE_KEYS", "1:" + "00112233445566778899aabbccddeeff" * 2)
os.environ.setdefault("DATABASE_URL", "postgres://tests-are-started-through-the-launcher/none")
os.environ.setdefault("REDIS_URL", "redis://tests-are-started-through-the-launcher/0")
os.environ["REDIS_URL"] = own_valkey_database(os.environ["REDIS_URL"], os.environ.get("PYTEST_XDIST_WORKER", ""))

from config.settings import *  # noqa: F403, E402

EMPTY_FOLDER = tempfile.TemporaryDirectory(prefix="onecode-static-")
STATIC_ROOT = Path(EMPTY_FOLDER.name)
"""A folder that is there, so that WhiteNoise does not warn of it; the finders serve the files from where they lie."""
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
