"""A company's logo as it comes: read safely as every picture of a stranger, refused in words for whoever keeps the settings (R47)."""

from __future__ import annotations

from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sessions_app import ingest
from sessions_app.ingest import LogoPicture, Refusal
from settings_app.branding import NewLogo
from settings_app.choices import LogoPlate

MAX_BYTES = 2 * 1024 * 1024
ENOUGH = 1 / 3
"""Of what is seen of a logo: so much must stand out from neither theme's paper before it gets a plate."""

TOO_LARGE = _("The file is larger than 2 MB. A logo needs no more than 480 x 160 pixels.")
WORDS: dict[Refusal, str | Promise] = {
    Refusal.EMPTY: _("The file is empty. Please choose it once more."),
    Refusal.TOO_LARGE: TOO_LARGE,
    Refusal.NOT_AN_IMAGE: _("This is no picture that can be read. Please use PNG, JPEG or WebP."),
    Refusal.TRUNCATED: _("The picture is damaged or did not arrive whole. Please save it again, or choose another one."),
    Refusal.TOO_MANY_PIXELS: _("The picture is too large: at most 6,000 pixels a side. 480 x 160 are enough."),
    Refusal.TOO_SMALL: _("The picture is too small to be recognised: at least 16 pixels a side, better 480 x 160."),
    Refusal.NOTHING_SEEN: _("Nothing can be seen in this picture: it is transparent all over."),
    Refusal.ANIMATED: _("This picture moves, which would distract people from what they do. Please use one that stands still."),
    Refusal.HEIC: _("HEIC cannot be read here. Please save the logo as PNG."),
}
NO_SVG = _("SVG is not taken: such a file can hold programs, which would then run beside people's documents. Please save the logo as PNG.")
REMEMBERED = 4  # files: a preview sends the same one with every key that is pressed
LOOKED_AT = 1024  # bytes, in which an SVG shows what it is


class LogoRefused(ValueError):
    """The file is not taken as a logo. The text says why."""


@lru_cache(maxsize=REMEMBERED)
def read(file: bytes) -> NewLogo:
    """Return the logo, encoded by us. Raises LogoRefused."""
    if len(file) > MAX_BYTES:
        raise LogoRefused(str(TOO_LARGE))
    if b"<svg" in file[:LOOKED_AT].lower():
        raise LogoRefused(str(NO_SVG))
    try:
        picture = ingest.decode_logo(file)
    except ingest.UnreadableImage as refusal:
        raise LogoRefused(str(WORDS[refusal.code])) from refusal
    return NewLogo(png=picture.png, width=picture.width, height=picture.height, plate=_plate(picture))


def _plate(picture: LogoPicture) -> LogoPlate | None:
    """A logo of dark and of pale parts gets none: each plate would hide one of them."""
    if picture.dark >= ENOUGH > picture.pale:
        return LogoPlate.PALE
    return LogoPlate.DARK if picture.pale >= ENOUGH > picture.dark else None
