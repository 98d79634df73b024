"""Compiled translations, made from locale/*.po when those are newer."""

import shutil
import subprocess
from pathlib import Path


def compile_changed(locale: Path) -> list[Path]:
    """Compile every .po that is newer than its .mo; return those compiled. Without msgfmt the pages stay English."""
    changed = [source for source in sorted(locale.glob("*/LC_MESSAGES/*.po")) if _is_stale(source)]
    if not shutil.which("msgfmt"):
        return []
    for source in changed:
        subprocess.run(["msgfmt", "--check-format", "-o", source.with_suffix(".mo"), source], check=True)
    return changed


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime
