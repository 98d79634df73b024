"""What the people of the demo data bring along besides their documents: devices, extra fields, references."""

from __future__ import annotations

import random
from collections.abc import Collection

from sessions_app.clients import ClientFacts
from settings_app.models import Company

DEVICES = (
    ("Mobile", "Chrome Mobile 142", "Android 16", "Pixel 9"),
    ("Mobile", "Chrome Mobile 142", "Android 15", "SM-S921B"),
    ("Mobile", "Chrome Mobile 141", "Android 14", "Redmi Note 13"),
    ("Mobile", "Mobile Safari 26.1", "iOS 26.1", "iPhone"),
    ("Mobile", "Mobile Safari 18.6", "iOS 18.6", "iPhone"),
    ("Mobile", "Mobile Safari 26.0", "iPadOS 26.0", "iPad"),
    ("PC", "Chrome 142", "Windows 11", ""),
    ("PC", "Edge 142", "Windows 11", ""),
    ("PC", "Firefox 145", "Ubuntu", ""),
    ("PC", "Safari 26.1", "macOS 26.1", ""),
)
NETWORKS = ("192.0.2.{}", "198.51.100.{}", "203.0.113.{}", "2001:db8::{}")  # reserved for documentation: RFC 5737, RFC 3849
PHONES = {"GEO": "+995555{:06}", "ESP": "+34612{:06}", "DEU": "+4915112{:06}", "TUR": "+905321{:06}"}
LANGUAGES = {"GEO": ("ka", "ka", "en", "ru"), "ESP": ("es",), "MEX": ("es",), "USA": ("en", "es")}
NAMES_AS_WRITTEN = (
    "Нина Соколова", "ნინო ბერიძე", "Ελένη Παππά", "山田 太郎", "محمد حداد", "José Núñez", "Zoë Łukasiewicz", "김민준", "नीना शर्मा",
)  # fmt: skip
REFERENCES = ("ACC-{:06}", "loan/{:05}", "KYC {:05}", "клиент-{:04}", "")


def device(chance: random.Random, *, kinds: Collection[str] = ("Mobile", "PC")) -> ClientFacts:
    kind, browser, system, model = chance.choice([one for one in DEVICES if one[0] in kinds])
    return ClientFacts(ip=chance.choice(NETWORKS).format(chance.randint(2, 250)), device=kind, browser=browser, os=system, model=model)


def language(market: str, chance: random.Random) -> str:
    return chance.choice(LANGUAGES.get(market, ("en",)))


def reference(chance: random.Random) -> str:
    return chance.choice(REFERENCES).format(chance.randint(1, 9_999))


def extra_values(company: Company, market: str, chance: random.Random) -> dict[str, str]:
    """Answer the company's extra fields; what is not required is often left empty."""
    answers = {
        "phone": PHONES.get(market, PHONES["GEO"]).format(chance.randint(100_000, 999_999)),
        "email": chance.choice(("", f"customer{chance.randint(1, 999)}@mail.example")),
        "known-as": chance.choice(("", *NAMES_AS_WRITTEN)),
        "account": chance.choice(("Personal", "Personal", "Business")),
    }
    return {field.key: answers[field.key] for field in company.extra_fields.all()}
