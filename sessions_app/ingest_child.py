"""Decodes untrusted pictures in a process of its own, under limits of memory and time. Started by `ingest`; imports nothing of the portal.

Reads from standard input one JSON line with the lengths of the files, then the files; writes one JSON line with an answer per file
({"refused": code} or {"length", "width", "height"}), then the re-encoded JPEGs.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 20
MAX_PIXELS = 40_000_000
MAX_SIDE = 10_000
STORED_SIDE = 4_096
JPEG_QUALITY = 92
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


class Refused(Exception):
    """This file is not a picture that we take; the argument is a member of `ingest.Refusal`."""


def decode(data: bytes) -> tuple[bytes, int, int]:
    """Return a fresh JPEG without metadata, upright, with its width and height. Raises Refused, or anything for a damaged file."""
    if not data:
        raise Refused("EMPTY")
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        raise Refused("HEIC")
    image = _open(data)
    width, height = image.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise Refused("TOO_MANY_PIXELS")
    if image.format in ("PNG", "WEBP") and getattr(image, "is_animated", False):
        raise Refused("ANIMATED")
    upright = _to_rgb(ImageOps.exif_transpose(image))
    upright.thumbnail((STORED_SIDE, STORED_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    Image.frombytes("RGB", upright.size, upright.tobytes()).save(out, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return out.getvalue(), *upright.size


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


def answer(data: bytes) -> tuple[dict[str, str | int], bytes]:
    """Return the answer for one file and its re-encoded JPEG, empty when it is refused."""
    try:
        jpeg, width, height = decode(data)
    except Refused as refusal:
        return {"refused": str(refusal)}, b""
    except MemoryError:
        return {"refused": "TOO_MANY_PIXELS"}, b""
    except Exception:  # a decoder may raise anything over a damaged file, and here that is what it means
        return {"refused": "TRUNCATED"}, b""
    return {"length": len(jpeg), "width": width, "height": height}, jpeg


def main() -> None:
    """Answer one request under limits of memory and time."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    lengths = json.loads(sys.stdin.buffer.readline())
    answers = [answer(sys.stdin.buffer.read(length)) for length in lengths]
    sys.stdout.buffer.write(json.dumps([told for told, _ in answers]).encode() + b"\n" + b"".join(jpeg for _, jpeg in answers))


if __name__ == "__main__":
    main()
