"""Pictures as strangers send them: honest ones in every form that a camera makes, and hostile ones made cheaply."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

SIZE = (320, 240)
RED, BLUE = (200, 30, 30), (30, 30, 200)


def scene(size: tuple[int, int] = SIZE) -> Image.Image:
    """Left half red, right half blue: what is turned or mirrored is seen at once."""
    picture = Image.new("RGB", size, RED)
    picture.paste(BLUE, (size[0] // 2, 0, *size))
    return picture


def encode(picture: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def jpeg(size: tuple[int, int] = SIZE, **options: Any) -> bytes:
    return encode(scene(size), "JPEG", **options)


def animated(form: str) -> bytes:
    return encode(scene(), form, save_all=True, append_images=[Image.new("RGB", SIZE, "white")], duration=100)


def phone_mpo() -> bytes:
    """A JPEG with a second picture behind the first, as phones store depth or a preview."""
    return encode(scene(), "MPO", save_all=True, append_images=[Image.new("RGB", SIZE, "white")])


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises so many pixels and holds a few compressed zeros: made in no time, ruinous to decode."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1_000_000))) + chunk(b"IEND", b"")


def webp_header(width: int, height: int) -> bytes:
    """The same as a WebP: an extended header with a huge canvas."""
    canvas = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    chunks = b"VP8X" + struct.pack("<I", 10) + bytes(4) + canvas + encode(scene(), "WEBP", lossless=True)[12:]
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def heic_header(brand: bytes = b"heic") -> bytes:
    return b"\x00\x00\x00\x18ftyp" + brand + b"\x00\x00\x00\x00mif1" + brand + bytes(200)


def sixteen_bits() -> bytes:
    """A PNG with 16 bits a pixel: a grey ramp over the whole range."""
    return encode(Image.fromarray(np.tile(np.linspace(0, 65_535, SIZE[0], dtype=np.uint16), (SIZE[1], 1))), "PNG")


def talkative_jpeg() -> bytes:
    """A JPEG that says where and by whom it was taken in every way a JPEG can: EXIF with a place, XMP, a profile, a comment."""
    exif = Image.Exif()
    exif[0x010F], exif[0x9286] = "SecretMaker", "SecretComment"
    exif.get_ifd(0x8825).update({1: "N", 2: (41.0, 43.0, 0.0), 3: "E", 4: (44.0, 47.0, 0.0)})
    exif.get_ifd(0x8769)[0x9003] = "2026:11:22 10:05:00"
    return jpeg(exif=exif, xmp=b"<x:xmpmeta>SecretXmp</x:xmpmeta>", icc_profile=b"SecretProfile" * 20, comment=b"SecretRemark")


def talkative_png() -> bytes:
    info = PngInfo()
    info.add_text("Author", "SecretMaker")
    info.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>SecretXmp</x:xmpmeta>")
    return encode(scene(), "PNG", pnginfo=info, icc_profile=b"SecretProfile" * 20)


def turned(orientation: int) -> bytes:
    """A JPEG whose EXIF asks to be turned by `orientation` (1 to 8)."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return jpeg(exif=exif)
