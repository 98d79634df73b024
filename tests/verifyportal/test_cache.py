"""The cache may be away at any moment; whoever asks it goes on."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as tested
from django.test import Client
from django.urls import reverse
from redis.exceptions import ConnectionError as NoCache

from tests.factories import PASSWORD, UserFactory
from verifyportal import settings as portal
from verifyportal.cache import ForgetfulCache
from verifyportal.dev.valkey import free_port


@pytest.fixture
def away() -> ForgetfulCache:
    return ForgetfulCache(f"redis://127.0.0.1:{free_port()}/0", {"OPTIONS": {"socket_connect_timeout": 1}})


def test_cache_that_is_away_answers_as_an_empty_one(away: ForgetfulCache) -> None:
    away.set("key", "value", 60)
    assert away.get("key", "nothing") == "nothing"
    assert away.get_many(["key"]) == {}
    assert not away.has_key("key")


def test_lock_in_a_cache_that_is_away_is_given(away: ForgetfulCache) -> None:
    """Else whoever waits for it would wait in vain."""
    assert away.add("lock", True, 10)


def test_cache_that_is_away_is_not_asked_at_each_turn(away: ForgetfulCache, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def refuse(*args: object, **kwargs: object) -> object:
        asked.append(args)
        raise NoCache

    away.get("key")
    monkeypatch.setattr(away._cache, "get_client", refuse)
    away.get("key")
    assert asked == []


@pytest.mark.django_db
def test_cache_that_is_there_keeps_what_it_is_given() -> None:
    kept = ForgetfulCache(tested.REDIS_URL, {"KEY_PREFIX": f"{tested.REDIS_PREFIX}cache"})
    kept.set("key", "value", 60)
    try:
        assert kept.get("key") == "value"
        assert kept.incr("count") if kept.add("count", 1, 60) else False
    finally:
        kept.delete_many(["key", "count"])


def test_portal_uses_the_cache_that_may_be_away() -> None:
    assert portal.CACHES["default"]["BACKEND"] == "verifyportal.cache.ForgetfulCache"


@pytest.mark.django_db
def test_people_log_in_while_the_cache_is_away(client: Client, settings: Any) -> None:
    """An agent's work must not end with Redis."""
    gone = {"BACKEND": "verifyportal.cache.ForgetfulCache", "LOCATION": f"redis://127.0.0.1:{free_port()}/0"}
    settings.CACHES = {"default": gone}
    response = client.post(reverse("account_login"), {"login": UserFactory().email, "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, reverse("panel:session_list"))
