"""Specimens that the tests of documents photograph; drawn once."""

from __future__ import annotations

from datetime import date

import pytest

from checks_app.imaging import RgbImage
from verifyportal.dev.portraits import drawn_portrait
from verifyportal.dev.specimens import Person, draw_card_back, draw_card_front, draw_passport, invent_person


@pytest.fixture(scope="session")
def person() -> Person:
    return invent_person(4, today=date(2026, 11, 22))


@pytest.fixture(scope="session")
def passport(person: Person) -> RgbImage:
    return draw_passport(person, drawn_portrait(4))


@pytest.fixture(scope="session")
def card_front(person: Person) -> RgbImage:
    return draw_card_front(person, drawn_portrait(4))


@pytest.fixture(scope="session")
def card_back(person: Person) -> RgbImage:
    return draw_card_back(person)
