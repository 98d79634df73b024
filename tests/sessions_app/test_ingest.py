"""Safe ingest: hostile and honest files, one by one."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from sessions_app import ingest
from sessions_app.ingest import Refusal
from tests import files
from tests.files import BLUE, RED, SIZE, encode, jpeg, scene


def refusal_of(data: bytes) -> Refusal:
    with pytest.raises(ingest.UnreadableImage) as refused:
        ingest.decode_all([data])
    return refused.value.code


def decoded(data: bytes) -> Image.Image:
    (picture,) = ingest.decode_all([data])
    image = Image.open(io.BytesIO(picture.jpeg))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (picture.width, picture.height))
    return image


def shows(image: Image.Image, at: tuple[float, float], colour: tuple[int, int, int]) -> bool:
    found = image.getpixel((round(at[0] * (image.width - 1)), round(at[1] * (image.height - 1))))
    assert isinstance(found, tuple)
    return all(abs(channel - wanted) < 25 for channel, wanted in zip(found, colour, strict=True))


HOSTILE = {
    "nothing": (b"", Refusal.EMPTY),
    "too many bytes": (jpeg() + bytes(21 * 1024 * 1024), Refusal.TOO_LARGE),
    "half a JPEG": (jpeg()[:1500], Refusal.TRUNCATED),
    "the first bytes of a JPEG": (jpeg()[:20], Refusal.NOT_AN_IMAGE),
    "half a PNG": (encode(scene(), "PNG")[:-300], Refusal.TRUNCATED),
    "half a WebP": (encode(scene(), "WEBP")[:-100], Refusal.TRUNCATED),
    "a PNG bomb": (files.png_header(18_000, 18_000), Refusal.TOO_MANY_PIXELS),
    "a PNG bomb beyond all limits": (files.png_header(2**31 - 1, 2**31 - 1), Refusal.TOO_MANY_PIXELS),
    "a long thin PNG bomb": (files.png_header(10_001, 1), Refusal.TOO_MANY_PIXELS),
    "a PNG just over 40 megapixels": (files.png_header(8_001, 5_000), Refusal.TOO_MANY_PIXELS),
    "an animated WebP": (files.animated("WEBP"), Refusal.ANIMATED),
    "an animated PNG": (files.animated("PNG"), Refusal.ANIMATED),
    "an animated GIF": (files.animated("GIF"), Refusal.NOT_AN_IMAGE),
    "a GIF": (encode(scene(), "GIF"), Refusal.NOT_AN_IMAGE),
    "a TIFF called .jpg": (encode(scene(), "TIFF"), Refusal.NOT_AN_IMAGE),
    "a BMP called .jpg": (encode(scene(), "BMP"), Refusal.NOT_AN_IMAGE),
    "an SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", Refusal.NOT_AN_IMAGE),
    "a text": (b"Dear Sir or Madam, " * 50, Refusal.NOT_AN_IMAGE),
    "a PDF": (b"%PDF-1.7\n" + bytes(500), Refusal.NOT_AN_IMAGE),
    "an EPS": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", Refusal.NOT_AN_IMAGE),
    "HEIC of an iPhone": (files.heic_header(), Refusal.HEIC),
    "HEIC of another phone": (files.heic_header(b"mif1"), Refusal.HEIC),
    "one byte": (b"\xff", Refusal.NOT_AN_IMAGE),
}


@pytest.mark.parametrize(("data", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_or_damaged_file_is_refused_with_its_own_reason(data: bytes, code: Refusal) -> None:
    assert refusal_of(data) == code


def test_webp_bomb_is_refused() -> None:
    """Whether its canvas or its contradictions are found first."""
    assert refusal_of(files.webp_header(16_000, 16_000)) in (Refusal.TOO_MANY_PIXELS, Refusal.TRUNCATED)


def test_refusal_says_a_sentence_to_the_user() -> None:
    with pytest.raises(ingest.UnreadableImage) as refused:
        ingest.decode_all([files.heic_header()])
    assert str(refused.value) == str(Refusal.HEIC.label)


HONEST = {
    "JPEG": jpeg(),
    "progressive JPEG": jpeg(progressive=True),
    "PNG": encode(scene(), "PNG"),
    "WebP": encode(scene(), "WEBP", quality=95),
    "WebP without loss": encode(scene(), "WEBP", lossless=True),
    "palette PNG": encode(scene().quantize(8), "PNG"),
    "PNG with transparency": encode(scene().convert("RGBA"), "PNG"),
    "CMYK JPEG": encode(scene().convert("CMYK"), "JPEG"),
    "JPEG with two pictures": files.phone_mpo(),
}


@pytest.mark.parametrize("data", HONEST.values(), ids=HONEST.keys())
def test_honest_picture_keeps_its_size_and_colours(data: bytes) -> None:
    image = decoded(data)
    assert image.size == SIZE
    assert shows(image, (0.1, 0.5), RED)
    assert shows(image, (0.9, 0.5), BLUE)


def test_16_bit_picture_keeps_its_shades() -> None:
    """Cut to 8 bits it would be white almost everywhere."""
    image = decoded(files.sixteen_bits())
    assert all(shows(image, (share, 0.5), (round(255 * share),) * 3) for share in (0.0, 0.25, 0.5, 0.75, 1.0))


def test_grey_picture_becomes_rgb() -> None:
    assert decoded(encode(scene().convert("L"), "JPEG")).mode == "RGB"


RED_SIDE = {1: (0.1, 0.5), 2: (0.9, 0.5), 3: (0.9, 0.5), 4: (0.1, 0.5), 5: (0.5, 0.1), 6: (0.5, 0.1), 7: (0.5, 0.9), 8: (0.5, 0.9)}


@pytest.mark.parametrize(("orientation", "red_at"), RED_SIDE.items())
def test_picture_stands_upright_as_the_camera_says(orientation: int, red_at: tuple[float, float]) -> None:
    image = decoded(files.turned(orientation))
    assert image.size == (SIZE if orientation < 5 else SIZE[::-1])
    assert shows(image, red_at, RED)


@pytest.mark.parametrize("data", [files.talkative_jpeg(), files.talkative_png(), files.turned(6)])
def test_nothing_that_the_camera_wrote_beside_the_picture_is_kept(data: bytes) -> None:
    """Place, maker, profile, comment: none of it is ours to keep."""
    (picture,) = ingest.decode_all([data])
    image = Image.open(io.BytesIO(picture.jpeg))
    assert b"Secret" not in picture.jpeg
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_talkative_pictures_did_say_something_before() -> None:
    """The test above could not fail otherwise."""
    assert files.talkative_jpeg().count(b"Secret") >= 5
    assert Image.open(io.BytesIO(files.talkative_jpeg())).getexif().get_ifd(0x8825)
    assert b"SecretMaker" in files.talkative_png()


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("evil.txt", "payload")
    return out.getvalue()


@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", b"<?php system('id'); ?>", zipped()])
def test_polyglot_is_accepted_as_the_picture_that_it_is_and_its_other_half_is_gone(tail: bytes) -> None:
    (picture,) = ingest.decode_all([jpeg() + tail])
    assert tail not in picture.jpeg
    assert not zipfile.is_zipfile(io.BytesIO(picture.jpeg))
    assert shows(decoded(jpeg() + tail), (0.1, 0.5), RED)


def test_large_photo_is_stored_smaller_and_keeps_its_shape() -> None:
    """40 megapixels at most come in, 4,096 pixels a side are kept."""
    image = decoded(jpeg((8_000, 4_000), quality=50))
    assert image.size == (4_096, 2_048)
    assert shows(image, (0.9, 0.5), BLUE)


def test_single_pixel_is_a_picture() -> None:
    """Whether it is large enough is for the checks to say."""
    assert decoded(encode(scene((1, 1)), "PNG")).size == (1, 1)


def test_frames_of_one_upload_keep_their_order() -> None:
    widths = [40, 50, 60, 70]
    assert [picture.width for picture in ingest.decode_all([jpeg((width, 40)) for width in widths])] == widths


def test_one_bad_frame_refuses_the_whole_upload() -> None:
    with pytest.raises(ingest.UnreadableImage) as refused:
        ingest.decode_all([jpeg(), b"", jpeg()])
    assert refused.value.code == Refusal.EMPTY


def test_upload_is_limited_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "MAX_TOTAL_BYTES", 2 * len(jpeg()))
    assert len(ingest.decode_all([jpeg()] * 2)) == 2
    with pytest.raises(ingest.UnreadableImage) as refused:
        ingest.decode_all([jpeg()] * 3)
    assert refused.value.code == Refusal.TOO_LARGE


CHILDREN = {
    "killed": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "failed": "raise SystemExit(3)",
    "out of memory": "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 28, 1 << 28)); bytearray(1 << 29)",
    "out of time": "import time; time.sleep(60)",
}


@pytest.mark.parametrize("program", CHILDREN.values(), ids=CHILDREN.keys())
def test_child_that_dies_is_a_refusal_and_no_crash(program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = tmp_path / "child.py"
    child.write_text(program)
    monkeypatch.setattr(ingest, "CHILD", child)
    monkeypatch.setattr(ingest, "CHILD_SECONDS", 1)
    assert refusal_of(jpeg()) == Refusal.TOO_MANY_PIXELS


def test_child_runs_under_limits_of_memory_and_time() -> None:
    """The limits are set before the first byte of a stranger is read."""
    program = (
        f"import sys, resource; sys.path.insert(0, {str(ingest.CHILD.parent)!r}); import ingest_child; ingest_child.main();"
        "print([resource.getrlimit(what)[1] for what in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_CORE)], file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", program], input=b"[]\n", capture_output=True, check=True)
    assert ran.stderr.split() == [b"[1073741824,", b"20,", b"0]"]
