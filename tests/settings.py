"""Settings of the test run: the product's own, with throw-away secrets and cheap password hashes."""

import os

os.environ.setdefault("ONECODE_DEMO", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("ONECODE_CODE_KEYS", "1:" + "00112233445566778899aabbccddeeff" * 2)
os.environ.setdefault("DATABASE_URL", "postgres://tests-are-started-through-the-launcher/none")
os.environ.setdefault("REDIS_URL", "redis://tests-are-started-through-the-launcher/0")

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
