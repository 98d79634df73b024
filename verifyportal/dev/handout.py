"""What lies in `var/demo/`: the logins, and specimens with a matching face for a walk through the flow by file upload."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from checks_app.imaging import RgbImage
from sessions_app.ingest import Picture
from verifyportal.dev.demo import pictures
from verifyportal.dev.portraits import astronaut_portrait, astronaut_selfie
from verifyportal.dev.specimens import Person, draw_card_back, draw_card_front, draw_passport

README = """Walk through VerifyPortal without showing a document of your own
===============================================================

Open the verification link that ./run printed (`./run manage demo_link` makes a fresh one), choose the country
"Utopia (specimen)", and upload these files where the page offers a file instead of the camera:

  passport.jpg                 the data page, for the choice "Passport"
  card-front.jpg, card-back.jpg   for the choice "ID card"
  selfie.jpg                   the matching face (Eileen Collins, NASA, public domain), also for the head turns

Files prove nothing about the moment: nobody held the document up, nobody turned a head. So the honest outcome is
REVIEW, and you find the session in the panel under that word. Utopia is the state that ICAO invented for specimens;
they count as documents only where ACCEPT_SPECIMENS=1, as ./run sets it.

access.json holds the logins of the panel.
"""


def folder() -> Path:
    path = Path(settings.DEMO_ROOT)
    path.mkdir(parents=True, exist_ok=True)
    return path


def write_access(text: str) -> Path:
    """Keep logins and link, readable by ourselves alone."""
    path = folder() / "access.json"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
    return path


def read_access() -> dict[str, Any]:
    """Return the logins and the link. Raises FileNotFoundError before the first `seed_demo`."""
    access: dict[str, Any] = json.loads((folder() / "access.json").read_text("utf-8"))
    return access


def write_specimens(*, today: date) -> list[Path]:
    """Write a passport and both sides of a card with one portrait, the matching selfie, and how to use them."""
    holder = Person(expiry_date=today.replace(year=today.year + 5, day=min(today.day, 28)))
    card = Person(expiry_date=holder.expiry_date, document_number="I73290554")
    portrait = astronaut_portrait()
    files: dict[str, Picture] = {
        "passport.jpg": _photographed(draw_passport(holder, portrait), 1),
        "card-front.jpg": _photographed(draw_card_front(card, portrait), 2),
        "card-back.jpg": _photographed(draw_card_back(card), 3),
        "selfie.jpg": pictures.as_picture(astronaut_selfie()),
    }
    for name, picture in files.items():
        (folder() / name).write_bytes(picture.jpeg)
    (folder() / "README.txt").write_text(README, encoding="utf-8")
    return [folder() / name for name in files]


def _photographed(document: RgbImage, seed: int) -> Picture:
    """A file straight from the drawing would be sharper than any camera; a little noise makes it a picture."""
    noise = np.random.default_rng(seed).normal(0, 2, (*reversed(pictures.SCENE), 3))
    return pictures.as_picture(np.clip(pictures.on_desk(document, seed)[0] + noise, 0, 255).astype(np.uint8))
