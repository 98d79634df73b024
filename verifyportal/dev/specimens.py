"""Specimen documents of Utopia (UTO), the state that ICAO 9303 invented for examples: for tests, demo data and screenshots."""

from __future__ import annotations

import random
import zlib
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from checks_app.document.mrz import check_digit
from checks_app.imaging import RgbImage
from checks_app.results import DocumentKind
from verifyportal.dev.paper import INK, LABEL_INK, MM_PER_INCH, MRZ_HEIGHT_MM, Paper

PASSPORT_MM = (125.0, 88.0)  # ID-3, ISO/IEC 7810
CARD_MM = (85.60, 53.98)  # ID-1
PASSPORT_DPI, CARD_DPI = 300, 400
PASSPORT_YEARS, CARD_YEARS = 10, 10
DATA_PAGE = (0.0, 0.5, 1.0, 1.0)  # of an open passport: left, top, right, bottom

FIRST_NAMES = {
    "F": ("ANNA MARIA", "NINO", "LUCIA", "ELENA", "MAYA", "TAMAR", "SOFIA", "CARMEN", "OLGA", "MEI", "AMARA", "INGRID"),
    "M": ("JOHN", "GIORGI", "DIEGO", "PAVEL", "OMAR", "LEVAN", "MATEO", "IVAN", "KOFI", "LARS", "JUAN CARLOS", "HIRO"),
}
LAST_NAMES = (
    "ERIKSSON", "BERIDZE", "GARCIA LOPEZ", "IVANOV", "OKAFOR", "KAPANADZE", "MORALES", "PETROVA", "SATO", "LINDQVIST", "HADDAD",
    "SMITH", "GELASHVILI", "FERNANDEZ", "SOKOLOVA", "VAN DER BERG", "NGUYEN", "ROSSI",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """The holder of a specimen. Names and numbers in A-Z, 0-9, space, hyphen and apostrophe; states as ICAO codes."""

    first_name: str = "ANNA MARIA"
    last_name: str = "ERIKSSON"
    personal_number: str = "01024056789"
    document_number: str = "L898902C3"
    birth_date: date = date(1984, 8, 12)
    nationality: str = "UTO"
    sex: str = "F"  # "M", "F" or "" for unspecified
    expiry_date: date = date(2032, 4, 15)
    issuing_state: str = "UTO"


def invent_person(seed: int, *, today: date) -> Person:
    """Invent a holder aged 18 to 80 whose document is valid for 30 days to 10 years from today; the same seed, the same person."""
    chance = random.Random(seed)
    sex = chance.choice("FM")
    return Person(
        first_name=chance.choice(FIRST_NAMES[sex]),
        last_name=chance.choice(LAST_NAMES),
        personal_number="".join(chance.choices("0123456789", k=11)),
        document_number=chance.choice("ABCDEFGHKLMNPRSTUVWXYZ") + "".join(chance.choices("0123456789", k=8)),
        birth_date=today - timedelta(days=chance.randint(18 * 366, 80 * 365)),
        sex=sex,
        expiry_date=today + timedelta(days=chance.randint(30, 3650)),
    )


def mrz_lines(person: Person, kind: DocumentKind) -> tuple[str, ...]:
    """Return the MRZ with its check digits: two lines of 44 (TD3, ICAO 9303-4) or three of 30 (TD1, ICAO 9303-5)."""
    names = f"{_filled(person.last_name)}<<{_filled(person.first_name)}"
    number = _with_digit(person.document_number.ljust(9, "<"))
    birth = _with_digit(f"{person.birth_date:%y%m%d}")
    expiry = _with_digit(f"{person.expiry_date:%y%m%d}")
    sex = person.sex or "<"
    if kind is DocumentKind.PASSPORT:
        personal = _with_digit(person.personal_number.ljust(14, "<"))
        lower = f"{number}{person.nationality:<<3}{birth}{sex}{expiry}{personal}"
        return f"P<{person.issuing_state:<<3}{names}".ljust(44, "<")[:44], lower + str(check_digit(number + birth + expiry + personal))
    upper = f"I<{person.issuing_state:<<3}{number}{person.personal_number:<<15}"
    middle = f"{birth}{sex}{expiry}{person.nationality:<<3}{'':<<11}"
    return upper, middle + str(check_digit(upper[5:] + birth + expiry + middle[18:])), names.ljust(30, "<")[:30]


def draw_passport(person: Person, portrait: RgbImage) -> RgbImage:
    """Draw the data page of a passport, 125 x 88 mm at 300 dpi: 1039 x 1476 x 3."""
    paper = Paper(*PASSPORT_MM, PASSPORT_DPI, with_mrz=True)
    paper.overprint("SPECIMEN", centre=(81, 43), height=13.5, angle=17, strength=0.15)
    paper.emblem(9.5, 9.0, 4.8)
    paper.text(17, 8.6, "UTOPIA", height=5.2, face="serif-bold", ink=LABEL_INK)
    paper.text(17, 12.4, "UTOPIE", height=2.6, ink=LABEL_INK)
    paper.text(119, 8.6, "PASSPORT", height=4.4, face="serif-bold", ink=LABEL_INK, anchor="rs")
    paper.text(119, 12.4, "PASSEPORT", height=2.6, ink=LABEL_INK, anchor="rs")
    _portrait(paper, portrait, 5.5, 17.4, 35.0, 45.0)
    rows = (
        (("Type / Type", "P"), ("Code / Code", person.issuing_state), ("Passport No. / No. du passeport", person.document_number)),
        (("Surname / Nom", person.last_name),),
        (("Given names / Prénoms", person.first_name),),
        (("Nationality / Nationalité", "UTOPIAN"), ("", ""), ("Personal No. / No. personnel", person.personal_number)),
        (("Date of birth / Date de naissance", _day(person.birth_date)), ("", ""), ("Sex / Sexe", person.sex or "X")),
        (("Date of issue / Délivré le", _day(_issued(person, PASSPORT_YEARS))), ("", ""), ("Authority / Autorité", "PASSPORT OFFICE")),
        (("Date of expiry / Date d'expiration", _day(person.expiry_date)), ("", ""), ("Signature", "")),
    )
    for row, fields in enumerate(rows):
        for column, (label, value) in zip((44.5, 62.0, 83.5), fields, strict=False):
            paper.labelled(column, 18.9 + row * 6.75, label, value)
    paper.signature(96, 61.2, 18, _ink_seed(person))
    paper.block(0, paper.height_mm - MRZ_HEIGHT_MM, paper.width_mm, 0.18, LABEL_INK)
    paper.mrz(mrz_lines(person, DocumentKind.PASSPORT), left=(paper.width_mm - 111.76) / 2)
    return paper.image()


def draw_open_passport(person: Person, portrait: RgbImage) -> RgbImage:
    """Draw an open passport, 125 x 176 mm at 300 dpi: the page of observations, the fold, and the data page below it."""
    paper = Paper(*PASSPORT_MM, PASSPORT_DPI, with_mrz=False)
    paper.text(paper.width_mm / 2, 10, "OBSERVATIONS", height=3.2, face="serif-bold", ink=LABEL_INK, anchor="ms")
    for row in range(5):
        paper.block(14, 24 + row * 9, paper.width_mm - 28, 0.15, LABEL_INK)
    paper.signature(78, 76, 24, _ink_seed(person))
    spread = np.concatenate([paper.image(), draw_passport(person, portrait)])
    fold = np.exp(-0.5 * ((np.arange(len(spread)) - len(spread) / 2) / (0.8 * PASSPORT_DPI / MM_PER_INCH)) ** 2)
    return np.asarray(spread * (1 - 0.35 * fold)[:, None, None], dtype=np.uint8)


def draw_card_front(person: Person, portrait: RgbImage) -> RgbImage:
    """Draw the front of an identity card, 85.60 x 53.98 mm at 400 dpi: 850 x 1348 x 3."""
    paper = Paper(*CARD_MM, CARD_DPI, with_mrz=False)
    paper.overprint("SPECIMEN", centre=(57, 32), height=9, angle=17, strength=0.15)
    paper.block(0, 0, paper.width_mm, 9.6, LABEL_INK)
    paper.emblem(7.6, 4.8, 3.7)
    paper.text(13.4, 6.6, "UTOPIA", height=4.6, face="serif-bold", ink=(250, 250, 244))
    paper.text(81, 4.6, "IDENTITY CARD", height=2.7, face="sans-bold", ink=(250, 250, 244), anchor="rs")
    paper.text(81, 7.6, "CARTE D'IDENTITÉ", height=1.9, ink=(250, 250, 244), anchor="rs")
    _portrait(paper, portrait, 4.5, 12.6, 29.0, 37.3)
    rows = (
        (("Surname / Nom", person.last_name),),
        (("Given names / Prénoms", person.first_name),),
        (("Sex / Sexe", person.sex or "X"), ("Nationality / Nationalité", person.nationality)),
        (("Date of birth / Né(e) le", _day(person.birth_date)), ("Personal No. / No. personnel", person.personal_number)),
        (("Date of expiry / Expire le", _day(person.expiry_date)), ("Card No. / No. de la carte", person.document_number)),
        (("Signature", ""),),
    )
    for row, fields in enumerate(rows):
        for column, (label, value) in zip((36.5, 59.5), fields, strict=False):
            paper.labelled(column, 14.2 + row * 6.35, label, value, height=2.7)
    paper.signature(47, 48, 16, _ink_seed(person))
    return paper.image()


def draw_card_back(person: Person) -> RgbImage:
    """Draw the back of an identity card with its MRZ, 85.60 x 53.98 mm at 400 dpi: 850 x 1348 x 3."""
    paper = Paper(*CARD_MM, CARD_DPI, with_mrz=True)
    paper.overprint("SPECIMEN", centre=(52, 15.5), height=9.5, angle=12, strength=0.15)
    paper.chip(6, 6)
    rows = (
        (("Place of birth / Lieu de naissance", "ZENITH"), ("Height / Taille", f"1.{58 + _ink_seed(person) % 38} m")),
        (("Authority / Autorité", "CIVIL REGISTRY OF UTOPIA"),),
        (("Date of issue / Délivré le", _day(_issued(person, CARD_YEARS))), ("Personal No. / No. personnel", person.personal_number)),
    )
    for row, fields in enumerate(rows):
        for column, (label, value) in zip((24, 56), fields, strict=False):
            paper.labelled(column, 6.4 + row * 7.2, label, value, height=2.6)
    paper.text(6, 20.4, "UTO", height=3.4, face="serif-bold", ink=LABEL_INK)
    paper.emblem(78.5, 14.5, 3.4)
    paper.text(
        paper.width_mm / 2, 28.3, "If found, please hand this card to any harbour of Utopia.", height=1.6, ink=LABEL_INK, anchor="ms"
    )
    paper.block(0, paper.height_mm - MRZ_HEIGHT_MM, paper.width_mm, 0.18, LABEL_INK)
    paper.mrz(mrz_lines(person, DocumentKind.ID_CARD), left=(paper.width_mm - 76.2) / 2)
    return paper.image()


def _portrait(paper: Paper, portrait: RgbImage, x: float, y: float, width: float, height: float) -> None:
    paper.block(x - 0.25, y - 0.25, width + 0.5, height + 0.5, INK, radius=0.4)
    paper.picture(portrait, x, y, width, height)


def _filled(name: str) -> str:
    """Transliterate as ICAO 9303-3, 4.6: apostrophes vanish, hyphens and spaces become the filler."""
    return name.upper().replace("'", "").replace("-", "<").replace(" ", "<")


def _with_digit(characters: str) -> str:
    return f"{characters}{check_digit(characters)}"


def _day(day: date) -> str:
    return f"{day:%d %b %Y}".upper()


def _issued(person: Person, years: int) -> date:
    return person.expiry_date - timedelta(days=round(365.25 * years))


def _ink_seed(person: Person) -> int:
    """Tell people's scribbles apart, the same in every process (hash() is not)."""
    return zlib.crc32(f"{person.last_name} {person.first_name}".encode())
