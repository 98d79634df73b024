"""Where the portal listens, and under which address people find it."""

import contextlib
import socket
from dataclasses import dataclass

import psutil

LOOPBACK = "127.0.0.1"
ELSEWHERE = ("192.0.2.1", 9)  # TEST-NET-1, RFC 5737: asking for a route to it sends nothing


class PortTaken(Exception):
    """Another process listens on the port; the message says which, when the system tells, and how to choose another."""


class NoNetwork(Exception):
    """This machine has no address that a phone could reach."""


@dataclass(frozen=True)
class Address:
    """host: where the server binds. name: the host in links."""

    host: str
    name: str
    port: int
    https: bool

    @property
    def url(self) -> str:
        return f"{'https' if self.https else 'http'}://{self.name}:{self.port}"

    @property
    def local_url(self) -> str:
        return f"{'https' if self.https else 'http'}://{LOOPBACK}:{self.port}"


def choose(*, lan: bool, port: int) -> Address:
    """Return the loopback address, or this machine's address on its network, once it is certain that `port` is free."""
    host = "0.0.0.0" if lan else LOOPBACK  # noqa: S104 - the user asked for it
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        raise PortTaken(f"Port {port} is taken{_by_whom(port)} ({error.strerror}). Choose another: ./run --port {port + 1}") from error
    return Address(host=host, name=_own_address() if lan else LOOPBACK, port=port, https=lan)


def _by_whom(port: int) -> str:
    with contextlib.suppress(psutil.Error):  # macOS tells root alone
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
                return f" by {psutil.Process(connection.pid).name()}, process {connection.pid}"
    return ""


def _own_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
        except OSError as error:
            raise NoNetwork(
                "This machine has no route to a network, so no phone can reach it. Connect it, or start without --lan."
            ) from error
        address: str = probe.getsockname()[0]
    return address
