"""Decodes untrusted pictures in a process of its own, under limits of memory and time. Started by `ingest`; imports nothing of the portal.

Reads from standard input one JSON line with the lengths of the files, then the files; writes one JSON line with an answer per file
({"refused": code} or {"length", "width", "height"}), then the re-encoded pictures: JPEGs, or with the argument "logo" small PNGs, of
which the answer also says how much of what can be seen is "dark" and "pale".
"""

from __future__ import annotations

import io
import json
import resource
import sys
import warnings
from collections.abc import Callable

from PIL import Image, ImageOps, UnidentifiedImageError

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 20
MAX_PIXELS = 40_000_000
MAX_SIDE = 10_000
STORED_SIDE = 4_096
JPEG_QUALITY = 92
LOGO_SIZE = (480, 160)  # three times what pages show, for dense screens
LOGO_MAX_SIDE = 6_000
LOGO_MIN_SIDE = 16
SEEN_ALPHA = 96  # of 255: a pixel below is as good as nothing
DARK_LUMA, PALE_LUMA = 75, 190  # of 255: contrast below 2:1 on the dark paper, and on the pale one
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


class Refused(Exception):
    """This file is not a picture that we take; the argument is a member of `ingest.Refusal`."""


Answer = dict[str, str | int | float]


def as_capture(data: bytes) -> tuple[Answer, bytes]:
    """Return a fresh JPEG without metadata, upright. Raises Refused, or anything for a damaged file."""
    upright = _to_rgb(_decode(data, max_side=MAX_SIDE))
    upright.thumbnail((STORED_SIDE, STORED_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    Image.frombytes("RGB", upright.size, upright.tobytes()).save(out, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return {"width": upright.width, "height": upright.height}, out.getvalue()


def as_logo(data: bytes) -> tuple[Answer, bytes]:
    """Return a fresh small PNG without metadata that keeps a transparent background. Raises as `as_capture`."""
    upright = _decode(data, max_side=LOGO_MAX_SIDE)
    if min(upright.size) < LOGO_MIN_SIDE:
        raise Refused("TOO_SMALL")
    picture = _to_rgba(upright)
    picture.thumbnail(LOGO_SIZE, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    Image.frombytes("RGBA", picture.size, picture.tobytes()).save(out, "PNG", optimize=True)
    return {"width": picture.width, "height": picture.height} | _shades(picture), out.getvalue()


def _decode(data: bytes, *, max_side: int) -> Image.Image:
    if not data:
        raise Refused("EMPTY")
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        raise Refused("HEIC")
    image = _open(data)
    width, height = image.size
    if width * height > MAX_PIXELS or max(width, height) > max_side:
        raise Refused("TOO_MANY_PIXELS")
    if image.format in ("PNG", "WEBP") and getattr(image, "is_animated", False):
        raise Refused("ANIMATED")
    return ImageOps.exif_transpose(image)


def _open(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("TOO_MANY_PIXELS") from error
    except UnidentifiedImageError as error:
        raise Refused("NOT_AN_IMAGE") from error


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits a pixel: Pillow would cut all above 255 to white
        image = image.convert("F").point(lambda value: value / 257).convert("L")
    return image.convert("RGB")


def _to_rgba(image: Image.Image) -> Image.Image:
    return _to_rgb(image).convert("RGBA") if image.mode.startswith("I") else image.convert("RGBA")


def _shades(picture: Image.Image) -> Answer:
    """Of what can be seen of a picture with a transparent background: the shares that are dark and pale. Without one: none is."""
    seen = picture.getchannel("A").point(lambda alpha: 255 if alpha >= SEEN_ALPHA else 0)
    counts = picture.convert("L").histogram(seen)
    everything = sum(counts)
    if not everything:
        raise Refused("NOTHING_SEEN")
    if everything == picture.width * picture.height:
        return {"dark": 0.0, "pale": 0.0}
    return {"dark": sum(counts[:DARK_LUMA]) / everything, "pale": sum(counts[PALE_LUMA:]) / everything}


def answer(data: bytes, encode: Callable[[bytes], tuple[Answer, bytes]]) -> tuple[Answer, bytes]:
    """Return the answer for one file and the re-encoded picture, empty when it is refused."""
    try:
        told, encoded = encode(data)
    except Refused as refusal:
        return {"refused": str(refusal)}, b""
    except MemoryError:
        return {"refused": "TOO_MANY_PIXELS"}, b""
    except Exception:  # a decoder may raise anything over a damaged file, and here that is what it means
        return {"refused": "TRUNCATED"}, b""
    return {"length": len(encoded), **told}, encoded


def main() -> None:
    """Answer one request under limits of memory and time."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    lengths = json.loads(sys.stdin.buffer.readline())
    encode = as_logo if sys.argv[1:] == ["logo"] else as_capture
    answers = [answer(sys.stdin.buffer.read(length), encode) for length in lengths]
    sys.stdout.buffer.write(json.dumps([told for told, _ in answers]).encode() + b"\n" + b"".join(encoded for _, encoded in answers))


if __name__ == "__main__":
    main()
