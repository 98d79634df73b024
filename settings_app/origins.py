"""Origins as browsers compare them: scheme, host and port, and nothing else (R47). Whatever could be read in two ways is refused."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

LONGEST = 200
"""Characters of an origin that a company may allow."""

ADDRESS = re.compile(r"(https?)://([^/?#]+)([/?#].*)?", re.IGNORECASE | re.DOTALL)
AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(?::([0-9]{0,5}))?", re.IGNORECASE)
HOST = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
ENDS_IN_A_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")
"""Browsers take such a host for an address of four numbers, however it is written."""

READ_IN_TWO_WAYS = re.compile(r"[\s\\\x00-\x1f\x7f]")
"""Browsers drop some of these signs and take a backslash for a slash."""

DEFAULT_PORTS = {"http": 80, "https": 443}
MOST_PORTS = 65_535


class NotAnAddress(ValueError):
    """The text is no plain absolute http or https address."""


def split(address: str) -> tuple[str, str]:
    """Return the origin of an address in its one spelling, and what follows it.

    Lower case, no default port, a name of other scripts as its xn-- form. So `origin + rest` leads a browser where we looked, and
    nowhere else. Raises NotAnAddress.
    """
    found = ADDRESS.fullmatch(address)
    authority = AUTHORITY.fullmatch(found[2]) if found and not READ_IN_TWO_WAYS.search(address) else None
    if found is None or authority is None:
        raise NotAnAddress
    scheme, port = found[1].lower(), int(authority[2] or 0)
    if port > MOST_PORTS:
        raise NotAnAddress
    shown_port = f":{port}" if authority[2] and port != DEFAULT_PORTS[scheme] else ""
    return f"{scheme}://{_host(authority[1])}{shown_port}", found[3] or ""


def clean(written: str) -> str:
    """Return an origin that a company may allow: https, or http on the own machine. Raises NotAnAddress, with words for the operator."""
    try:
        origin, rest = split(written)
    except NotAnAddress:
        origin, rest = "", ""
    if not origin or rest not in ("", "/"):
        raise NotAnAddress(
            _("“%(written)s” is no origin. Write https://host or https://host:port, nothing after it.") % {"written": written}
        )
    if origin.startswith("http://") and not _is_own_machine(origin):
        raise NotAnAddress(_("“%(written)s” must begin with https://.") % {"written": written})
    if len(origin) > LONGEST:
        raise NotAnAddress(_("“%(written)s” is too long.") % {"written": f"{written[:40]}…"})
    return origin


def _host(written: str) -> str:
    try:
        if written.startswith("["):
            return f"[{IPv6Address(written[1:-1]).compressed}]"
        host = written.lower() if written.isascii() else _in_ascii(written.lower())
        if ENDS_IN_A_NUMBER.fullmatch(host):
            return str(IPv4Address(host))
    except (AddressValueError, UnicodeError) as error:
        raise NotAnAddress from error
    if not HOST.fullmatch(host):
        raise NotAnAddress
    return host


def _in_ascii(host: str) -> str:
    """Turn a name of other scripts into its xn-- form. A name that does not come back the same, such as one with ß, is ambiguous."""
    spelt = host.encode("idna").decode()
    if spelt.encode().decode("idna") != host:
        raise NotAnAddress
    return spelt


def _is_own_machine(origin: str) -> bool:
    host = urlsplit(origin).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
