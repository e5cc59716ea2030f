"""Calling addresses that partners gave us: never one of our own network (server-side request forgery).

The name is resolved once, every address that it has is checked, and the connection goes to the address that was
checked: an answer of the name service that changes in between changes nothing. Redirects are not followed.
"""

import http.client
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Invalid

PATIENCE_SECONDS = 10.0
MOST_READ = 65_536
LONGEST = 500


class DestinationRefused(Invalid):
    code = "destination_refused"
    title = gettext_lazy("This address is not called.")


def refused(reason: str) -> DestinationRefused:
    """The refusal of a subscription's destination."""
    return DestinationRefused(reason, fields={"dest": [reason]})


class NotReached(Exception):  # noqa: N818 - says what became of the call
    """Nobody answered; a later call may find somebody."""


@dataclass(frozen=True, slots=True)
class Target:
    """A checked destination: the parts of its address, and the network address that is called."""

    parts: SplitResult
    address: str
    port: int


def check_form(url: str) -> SplitResult:
    """The parts of an address that may be called, as far as can be told without asking the network.

    Raises:
        DestinationRefused: no https address of a named host, or with a user's name in it.
    """
    parts = _split(url)
    schemes = ("https", "http") if settings.PRIVATE_DESTINATIONS else ("https",)
    if len(url) > LONGEST or parts is None or parts.scheme not in schemes or not parts.hostname:
        raise refused(_("An https address is wanted."))
    if "@" in parts.netloc or parts.fragment or any(ord(character) < 33 for character in url):  # noqa: PLR2004 - controls, space
        raise refused(_("An address without user name and fragment is wanted."))
    with suppress(ValueError):
        _require_public(_address(parts.hostname))
    return parts


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return None
    return parts


def resolve(url: str) -> Target:
    """Where a call goes.

    Raises:
        DestinationRefused: into a network that is not public.
        NotReached: the name is not known.
    """
    parts = check_form(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotReached(f"the name {parts.hostname} is not known") from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        _require_public(_address(address))
    return Target(parts, addresses[0], port)


def _require_public(address: IPv4Address | IPv6Address) -> None:
    """Raises DestinationRefused."""
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if settings.PRIVATE_DESTINATIONS:
        return
    if not address.is_global or address.is_multicast or (mapped is not None and not mapped.is_global):
        raise refused(_("An address of a private network is not called."))


def _address(host: str) -> IPv4Address | IPv6Address:
    """The address that a host is. Raises ValueError: it is a name."""
    return ip_address(host.partition("%")[0])


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Post the body; the status of the answer. What the answer says is read, to an end, and forgotten.

    Raises:
        DestinationRefused: see `resolve`.
        NotReached: no answer within PATIENCE_SECONDS.
    """
    target = resolve(url)
    connection = _connection(target)
    path = (target.parts.path or "/") + (f"?{target.parts.query}" if target.parts.query else "")
    try:
        connection.request("POST", path, body, {"Host": target.parts.netloc, "Connection": "close", **headers})
        answer = connection.getresponse()
        answer.read(MOST_READ)
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise NotReached(f"{type(error).__name__}: {error}"[:200]) from error
    else:
        return answer.status
    finally:
        connection.close()


def _connection(target: Target) -> http.client.HTTPConnection:
    host = target.parts.hostname or ""
    if target.parts.scheme == "https":
        return _Secure(target.address, target.port, timeout=PATIENCE_SECONDS, name=host)
    return http.client.HTTPConnection(target.address, target.port, timeout=PATIENCE_SECONDS)


class _Secure(http.client.HTTPSConnection):
    """To an address that was checked, with the certificate of the host's name."""

    def __init__(self, address: str, port: int, *, timeout: float, name: str) -> None:
        self._context_of_name = ssl.create_default_context()
        self._name = name
        super().__init__(address, port, timeout=timeout, context=self._context_of_name)

    def connect(self) -> None:
        plain = socket.create_connection((self.host, self.port), self.timeout)
        self.sock = self._context_of_name.wrap_socket(plain, server_hostname=self._name)
