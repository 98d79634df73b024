"""How much the first page of the list sends: with its styles, scripts and icons, and again when the browser has those."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from django.conf import settings

from benchmarks.browser import Browser

FILE = re.compile(r"""(?:src|href)="(?:/static/)([^"#]+)""")
IMPORTED = re.compile(r"""(?:from|import)\s*["']\.?/?([\w./-]+\.js)["']""")


def show() -> None:
    page = Browser.of_agent().get("/sessions/")
    packed = len(page) if page[:2] == b"\x1f\x8b" else len(gzip.compress(page))
    html = gzip.decompress(page) if page[:2] == b"\x1f\x8b" else page
    files = with_imports(set(FILE.findall(html.decode())))
    sent = {name: size(name) for name in files}
    print(f"first page: {(packed + sum(sent.values())) / 1000:.1f} kB compressed in {len(sent) + 1} files; aim 60")
    print(f"next pages: {packed / 1000:.1f} kB compressed, nothing else is asked for; aim 15")
    print(
        f"  page {packed / 1000:.1f}, "
        + ", ".join(f"{name} {sent[name] / 1000:.1f}" for name in sorted(sent, key=sent.__getitem__)[::-1][:6])
        + " …\n"
    )


def with_imports(names: set[str]) -> set[str]:
    """Add what modules import."""
    more = {
        str((Path(name).parent / found).as_posix())
        for name in names
        if name.endswith(".js")
        for found in IMPORTED.findall((Path(settings.STATIC_ROOT) / name).read_text("utf-8"))
    }
    return with_imports(names | more) if more - names else names


def size(name: str) -> int:
    """Bytes as they are sent: packed where the packed file was kept."""
    path = Path(settings.STATIC_ROOT) / name
    small = path.with_name(path.name + ".gz")
    return (small if small.exists() else path).stat().st_size
