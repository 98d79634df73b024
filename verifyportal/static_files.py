"""Where browsers find static files."""

from __future__ import annotations

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = (r'(?P<matched>\b(?P<word>from|import) "(?P<url>\./[^"]+)")', '%(word)s "%(url)s"')
"""One address in an import, and how it is written again."""


class RememberedStaticFiles(CompressedManifestStaticFilesStorage):
    """Hashed names, worked out once for each process: a page names forty files, and they change with a new version only.

    What a script of ours imports is named so as well: a browser keeps it for ever, and never beside parts of another version.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", (IMPORT,)))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        if name not in self._addresses:
            self._addresses[name] = super().url(name, force)
        return self._addresses[name]
