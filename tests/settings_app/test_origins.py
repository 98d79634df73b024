from __future__ import annotations

import pytest

from settings_app import origins


@pytest.mark.parametrize(
    ("address", "origin", "rest"),
    [
        ("https://shop.example", "https://shop.example", ""),
        ("HTTPS://Shop.EXAMPLE/Done?Order=1#End", "https://shop.example", "/Done?Order=1#End"),
        ("https://shop.example:443/", "https://shop.example", "/"),
        ("http://shop.example:80?x", "http://shop.example", "?x"),
        ("https://shop.example:/", "https://shop.example", "/"),
        ("https://shop.example:0443/", "https://shop.example", "/"),
        ("https://shop.example:80/", "https://shop.example:80", "/"),
        ("https://shop.example:8443/", "https://shop.example:8443", "/"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example", "/ü"),
        ("https://XN--bcher-kva.example", "https://xn--bcher-kva.example", ""),
        ("https://пример.рф/", "https://xn--e1afmkfd.xn--p1ai", "/"),
        ("https://[0:0::1]:9000/", "https://[::1]:9000", "/"),
        ("https://192.0.2.7/", "https://192.0.2.7", "/"),
        ("https://my_shop.example/@evil.example", "https://my_shop.example", "/@evil.example"),
    ],
)
def test_addresses_of_one_origin_are_spelt_alike(address: str, origin: str, rest: str) -> None:
    """R47: case, default ports and scripts do not tell origins apart; everything else does."""
    assert origins.split(address) == (origin, rest)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "shop.example",
        "//shop.example/",
        "https:shop.example",
        "https:/shop.example",
        "https:\\\\shop.example",
        "https:///shop.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://shop.example/",
        "https://shop.example@evil.example/",
        "https://user:secret@shop.example/",
        "https://shop.example\\@evil.example/",
        "https://shop.example/\\evil.example",
        "https://shop.example./",
        "https://shop..example/",
        "https://.shop.example/",
        "https://-shop.example/",
        "https://shop.example:65536/",
        "https://shop.example:8o/",
        "https://shop.example:443:443/",
        "https://shop%2eexample/",
        "https://*.shop.example/",
        "https://[/",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://0x7f.0.0.1/",
        "https://2130706433/",
        "https://127.1/",
        "https://127.0.0.01/",
        "https://faß.example/",
        "https://ｓhop.example/",
        "https://shop。example/",
        "https://sho\u200dp.example/",
        "https://sho\u00adp.example/",
        " https://shop.example/",
        "https://shop.example/ ",
        "https://shop.\nexample/",
        "https://shop.example/a\tb",
        "https://shop.example/\x00",
        f"https://{'a' * 64}.example/",
        f"https://{'a.' * 127}example/",
    ],
)
def test_address_that_could_be_read_in_two_ways_is_none(address: str) -> None:
    """R47: what a browser might take for another host than we do."""
    with pytest.raises(origins.NotAnAddress):
        origins.split(address)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://Shop.example/", "https://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
    ],
)
def test_origin_is_kept_in_its_one_spelling(written: str, kept: str) -> None:
    assert origins.clean(written) == kept


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("https://shop.example/done", "nothing after it"),
        ("https://shop.example?x=1", "nothing after it"),
        ("https://*.example", "no origin"),
        ("*", "no origin"),
        ("null", "no origin"),
        ("shop.example", "no origin"),
        ("http://shop.example", "must begin with https"),
        ("http://localhost.evil.example", "must begin with https"),
        (f"https://{'a.' * 100}example", "too long"),
    ],
)
def test_entry_that_is_no_clean_origin_is_refused_in_words(written: str, words: str) -> None:
    """R47: https except on the own machine."""
    with pytest.raises(origins.NotAnAddress, match=words):
        origins.clean(written)
