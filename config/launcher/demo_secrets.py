"""The demo's secrets: made at its first start, kept beside its data, never a default in the code."""

import secrets
from collections.abc import Callable, Mapping

from config.launcher.home import Home, write_private

_MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(64),
    # key 1 of the code cipher's ring, 256 bits
    "ONECODE_CODE_KEYS": lambda: f"1:{secrets.token_hex(32)}",
}


def demo_environment(home: Home, env: Mapping[str, str]) -> dict[str, str]:
    """The variables that make this a demo; what `env` has already is left as it is.

    Empty when `env` says ONECODE_DEMO=0: then the settings ask for every secret themselves.
    """
    if env.get("ONECODE_DEMO", "1").lower() in {"0", "false", "no", "off"}:
        return {}
    wanted = {"ONECODE_DEMO": "1"} | _kept_secrets(home)
    return {name: value for name, value in wanted.items() if not env.get(name)}


def _kept_secrets(home: Home) -> dict[str, str]:
    path = home.path / "secrets.env"
    lines = path.read_text().splitlines() if path.exists() else []
    kept = dict(line.split("=", 1) for line in lines if "=" in line)
    missing = {name: make() for name, make in _MAKERS.items() if name not in kept}
    if missing:
        write_private(path, "".join(f"{name}={value}\n" for name, value in (kept | missing).items()))
    return kept | missing
