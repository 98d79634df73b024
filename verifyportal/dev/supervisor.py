"""The commands of ./run."""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

from verifyportal.dev import greeting, lock, portal, process, quality, services, tests, translations
from verifyportal.dev.addresses import NoNetwork, PortTaken
from verifyportal.dev.postgres import PostgresFailed
from verifyportal.dev.services import ROOT
from verifyportal.dev.valkey import ValkeyFailed

VAR = Path(os.environ.get("PORTAL_HOME", ROOT / "var"))  # a second portal beside the first wants a home and a port of its own
LOCK = VAR / "portal.lock"
Expected = (PostgresFailed, ValkeyFailed, PortTaken, NoNetwork, portal.PortalFailed)


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    options, rest = _parse(arguments)
    command: Callable[[argparse.Namespace, list[str]], int] = COMMANDS[options.command]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # SIGINT too: a shell starts background jobs with it ignored
        signal.signal(number, _interrupt)
    VAR.mkdir(parents=True, exist_ok=True)
    if not os.access(VAR, os.W_OK):
        return _fail(f"{VAR} belongs to another user. Start as that user, or work in a copy of your own.")
    try:
        return command(options, rest)
    except lock.AlreadyHeld as held:
        return _fail(_who_holds(held))
    except Expected as failure:
        return _fail(str(failure))
    except KeyboardInterrupt:
        return 130


def start(options: argparse.Namespace, rest: list[str]) -> int:
    """Start the portal and keep it until Ctrl-C."""
    return _with_portal(options, lambda running: running.watch())


def screenshots(options: argparse.Namespace, rest: list[str]) -> int:
    """Photograph the pages of a running portal, started for it if need be."""
    command = [sys.executable, "-m", "verifyportal.dev.screenshots", *rest]
    environment = _environment_of_running_portal()
    if environment:
        return _foreground(command, environment)
    return _with_portal(options, lambda running: _foreground(command, running.environment))


def manage(options: argparse.Namespace, rest: list[str]) -> int:
    """Run manage.py against the running portal's services, or against the same ones started for it."""
    command = [sys.executable, str(ROOT / "manage.py"), *rest]
    environment = _environment_of_running_portal()
    if environment:
        return _foreground(command, environment)
    held = lock.hold(LOCK)
    with services.running(VAR, keep_open=[held.descriptor]) as environment:
        return _foreground(command, environment)


def bench(options: argparse.Namespace, rest: list[str]) -> int:
    """Run benchmarks/NAME.py with services and a worker of its own."""
    home = VAR / "bench"
    script = ROOT / "benchmarks" / f"{rest[0] if rest else ''}.py"
    if not script.is_file():
        names = ", ".join(sorted(path.stem for path in script.parent.glob("*.py")))
        return _fail(f"Name a benchmark: {names}")
    held = lock.hold(home / "lock")
    with services.running(home, keep_open=[held.descriptor]) as environment:
        subprocess.run([sys.executable, ROOT / "manage.py", "migrate", "--verbosity=0"], env=environment, check=True)
        worker = process.spawn(
            portal.worker_command(portal.cores()),
            log=home / "log" / "worker.log",
            orphan_signal=signal.SIGKILL,
            env=services.worker_environment(environment),
            keep_open=[held.descriptor],
        )
        try:
            return _foreground([sys.executable, str(script), *rest[1:]], environment)
        finally:
            process.stop(worker, with_signal=signal.SIGTERM, patience=portal.WORKER_PATIENCE)


def test(options: argparse.Namespace, rest: list[str]) -> int:
    """Run pytest with these arguments; without any, all tests, side by side."""
    translations.compile_changed(ROOT / "locale")
    return tests.some(rest) if rest else tests.everything()


def lint(options: argparse.Namespace, rest: list[str]) -> int:
    """Run every check of the code."""
    return quality.run()


COMMANDS = {"start": start, "test": test, "lint": lint, "manage": manage, "bench": bench, "screenshots": screenshots}


def _parse(arguments: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """Split ours from what belongs to the command: everything after its name."""
    parser = argparse.ArgumentParser(prog="./run", description="VerifyPortal on one machine.")
    parser.add_argument("--lan", action="store_true", help="serve the local network over HTTPS, for a real phone")
    parser.add_argument("--port", type=int, default=8000, help="where to listen (default 8000)")
    parser.add_argument("command", nargs="?", default="start", choices=COMMANDS, help="default: start, until Ctrl-C")
    parser.add_argument(
        "rest", nargs=argparse.REMAINDER, help="arguments of test (pytest's), manage (Django's), bench NAME, screenshots DIR"
    )
    options = parser.parse_args(arguments)
    if options.command in ("start", "lint") and options.rest:
        parser.error(f"{options.command} takes nothing after it; options stand before it")
    return options, options.rest


def _with_portal(options: argparse.Namespace, work: Callable[[portal.Portal], int | None]) -> int:
    began = time.monotonic()
    held = lock.hold(LOCK)
    print("Starting VerifyPortal …", flush=True)
    translations.compile_changed(ROOT / "locale")
    status = 0
    try:
        with portal.running(VAR, lan=options.lan, port=options.port, lock=held) as running:
            seconds = time.monotonic() - began
            print(greeting.text(running.address.url, running.access, seconds=seconds, home=VAR, authority=running.authority), flush=True)
            try:
                status = work(running) or 0
            except KeyboardInterrupt:
                pass
            finally:
                _stay_calm()
                print("\nStopping …", flush=True)
    finally:
        held.release()
    print("Stopped.", flush=True)
    return status


def _foreground(command: Sequence[str], environment: dict[str, str]) -> int:
    """Run `command` on our terminal. Ctrl-C is its business; ours is to wait and tidy up."""
    child = subprocess.Popen(command, env=environment)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def _stay_calm() -> None:
    """While stopping in order, a second Ctrl-C changes nothing."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _environment_of_running_portal() -> dict[str, str] | None:
    """Return where the running portal's services are, None when there is no portal; AlreadyHeld while it starts."""
    try:
        lock.hold(LOCK).release()
    except lock.AlreadyHeld as held:
        if "environment" not in held.note:
            raise
        return {**os.environ, **held.note["environment"]}
    return None


def _who_holds(held: lock.AlreadyHeld) -> str:
    address = held.note.get("address")
    where = f"at {address}" if address else "in this directory; it is still starting or at work"
    return f"VerifyPortal is already running {where} (process {held.note.get('pid', 'unknown')}). Stop that one with Ctrl-C first."


def _fail(message: str) -> int:
    print(f"\n{message}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
