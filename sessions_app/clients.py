"""What a browser says of itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """Whatever it does not tell is empty. device: "PC" or "Mobile" (R65)."""

    ip: str | None
    device: str
    browser: str
    os: str
    model: str
