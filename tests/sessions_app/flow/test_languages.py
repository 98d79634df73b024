"""The flow speaks English, Spanish, Georgian and Russian, whole."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.translation.template import templatize

from sessions_app import reasons
from sessions_app.flow import countries
from sessions_app.ingest import Refusal
from settings_app.choices import DocumentChoice
from settings_app.models import Company
from tests.factories import CompanyFactory
from tests.sessions_app.flow.visitor import Visitor

BASE = Path(settings.BASE_DIR)
LANGUAGES = ["es", "ka", "ru"]
SCRIPTS = [
    "camera.js",
    "capture.js",
    "defects.js",
    "guidance.js",
    "hints.js",
    "liveness.js",
    "onward.js",
    "page.js",
    "parts.js",
    "poll.js",
    "upload.js",
    "waiting.js",
]
SAID_OF_LOGOS = {Refusal.TOO_SMALL, Refusal.NOTHING_SEEN}
"""To staff, in words of their own."""

MARKERS = {"_", "gettext", "gettext_lazy"}
CALL = re.compile(r"gettext\((u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))\)")
FILLED_IN = r"{%\s*blocktranslate.*?endblocktranslate\s*%}|{[%{#].*?[%}#]}|<!doctype html>"
PLACEHOLDER = re.compile(r"%\(\w+\)s")


def _texts_of_code(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKERS:
            text = ast.literal_eval(node.args[0])  # a marked text is written out, or nobody can translate it
            assert isinstance(text, str)
            yield text


def _texts_of_template(path: Path) -> Iterator[str]:
    yield from (ast.literal_eval(text) for text in CALL.findall(templatize(path.read_text())))


def _flow_texts() -> set[str]:
    files = [*(BASE / "sessions_app/flow").glob("*.py"), BASE / "sessions_app/storage.py"]
    code = {text for path in files for text in _texts_of_code(path)}
    pages = {text for path in (BASE / "templates/flow").glob("*.html") for text in _texts_of_template(path)}
    with translation.override("en"):
        labels = {str(item.label) for item in [*Refusal, *DocumentChoice] if item not in SAID_OF_LOGOS}
        others = {str(text) for text, _staff in reasons.TEXTS.values()} | labels
    return code | pages | others


def _catalogue(language: str) -> dict[str, str]:
    """Read a catalogue as text; entries marked as fuzzy count as untranslated."""
    found = {}
    source = (BASE / "locale" / language / "LC_MESSAGES/django.po").read_text()
    for entry in source.split("\n\n"):
        parts = re.search(r'^msgid ((?:".*"\n?)+)msgstr ((?:".*"\n?)+)', entry + "\n", re.MULTILINE)
        if parts and not re.search(r"^#,.*fuzzy", entry, re.MULTILINE):
            text, translated = ("".join(ast.literal_eval(line) for line in part.splitlines()) for part in parts.groups())
            found[text] = translated
    return found


def test_the_search_for_texts_finds_those_of_code_and_templates() -> None:
    texts = _flow_texts()
    assert {"Hold still…", "I agree", "Selfie", "%(company)s needs these for your verification."} <= texts
    assert len(texts) > 150


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_flow_is_translated(language: str) -> None:
    """R47"""
    catalogue = _catalogue(language)
    assert sorted(text for text in _flow_texts() if not catalogue.get(text)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_names_that_are_filled_in(language: str) -> None:
    catalogue = _catalogue(language)
    for text in _flow_texts():
        assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(catalogue[text])), text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sentence", ["This field is required.", "Enter a valid email address.", "Enter a valid date."])
def test_the_sentences_that_come_with_django_are_translated_too(language: str, sentence: str) -> None:
    with translation.override(language):
        assert translation.gettext(sentence) != sentence


def test_no_template_of_the_flow_holds_a_bare_sentence() -> None:
    """What stands between tags is translated, filled in, or a sign."""
    for path in (BASE / "templates/flow").glob("*.html"):
        source = re.sub(
            r"{%\s*blocktranslate.*?endblocktranslate\s*%}|{[%{#].*?[%}#]}|<!doctype html>", " ", path.read_text(), flags=re.DOTALL
        )
        bare = re.sub(r"<[^>]*>", " ", source)
        assert not re.search(r"[A-Za-z]{2,}", bare), f"{path.name}: {bare.split()}"


def test_no_script_of_the_flow_holds_a_sentence() -> None:
    """Scripts get their words from the page; what they write themselves are codes, selectors and types."""
    for name in SCRIPTS:
        path = BASE / "static/js" / name
        code = re.sub(r"//.*|/\*.*?\*/", "", path.read_text())
        assert not re.search(r"""textContent = ["'`]|["'`][A-Z][a-z]+ [a-z]+ """, code), path.name


@pytest.mark.parametrize(("language", "germany"), [("en", "Germany"), ("es", "Alemania"), ("ka", "გერმანია"), ("ru", "Германия")])
def test_countries_are_named_in_the_users_language_and_sorted_by_it(language: str, germany: str) -> None:
    with translation.override(language):
        found = countries.choices(with_specimen=False)
    assert ("DEU", germany) in found
    assert "UTO" not in dict(found)


@pytest.mark.django_db
class TestChoosing:
    """The user's own choice, else the company's for this session, else the browser's."""

    def test_the_browser_decides_when_nobody_else_does(self) -> None:
        page = Visitor().get(headers={"Accept-Language": "ru"})
        assert (page["Content-Language"], "Принимаю" in page.content.decode()) == ("ru", True)

    def test_the_company_decides_over_the_browser(self) -> None:
        page = Visitor(language="ka").get(headers={"Accept-Language": "ru"})
        assert "თანახმა ვარ" in page.content.decode()

    def test_the_user_decides_over_both(self) -> None:
        visitor = Visitor(language="ka")
        visitor.post("language", language="es")
        assert "Acepto" in visitor.get(headers={"Accept-Language": "ru"}).content.decode()

    @pytest.mark.parametrize("nonsense", ["xx", "", "../../etc", "en\x00"])
    def test_a_language_that_is_not_offered_changes_nothing(self, nonsense: str) -> None:
        visitor = Visitor()
        visitor.post("language", language=nonsense)
        assert "I agree" in visitor.get().content.decode()

    def test_the_page_without_a_session_speaks_the_browsers_language(self) -> None:
        page = Client().get("/v/unknown/", headers={"Accept-Language": "ka"}).content.decode()
        assert "ამ ბმულს ვადა გაუვიდა ან არ მუშაობს" in page
        assert 'lang="ka"' in page

    def test_the_answers_to_scripts_speak_it_too(self) -> None:
        visitor = Visitor(language="es")
        answer = visitor.post("captures", json=True).json()
        assert answer["error"] == "La imagen no llegó completa. Inténtelo de nuevo."


def speaks(languages: list[str]) -> Visitor:
    return Visitor(company=CompanyFactory(languages=languages))


@pytest.mark.django_db
class TestLanguagesOfACompany:
    """R47: only what the company offers is spoken, whoever wishes something else."""

    @pytest.mark.parametrize(
        ("languages", "wishes", "spoken"),
        [
            (["ka", "ru"], "es", "ka"),  # no English, so the first
            (["en", "ka"], "es", "en"),
            (["ka", "ru"], "es;q=0.9, ru;q=0.5", "ru"),
            (["ka", "ru"], "ru;q=0.5, ka;q=0.4", "ru"),
            (["es", "ru"], "es-MX", "es"),
            (["ka"], "", "ka"),
            (["ru"], "*", "ru"),
            (["ka", "ru"], "\"'<>;q=x, ,,", "ka"),
            (["en", "es"], "RU, ES", "es"),
        ],
    )
    def test_the_browsers_wishes_count_within_what_is_offered(self, languages: list[str], wishes: str, spoken: str) -> None:
        assert speaks(languages).get(headers={"Accept-Language": wishes})["Content-Language"] == spoken

    def test_a_language_that_a_session_was_created_with_may_be_offered_no_more(self) -> None:
        visitor = Visitor(company=CompanyFactory(), language="es")
        Company.objects.update(languages=["ka", "ru"])
        assert visitor.get(headers={"Accept-Language": "es"})["Content-Language"] == "ka"

    def test_a_language_that_was_chosen_before_may_be_offered_no_more(self) -> None:
        visitor = Visitor()
        visitor.post("language", language="es")
        Company.objects.update(languages=["ka", "ru"])
        assert visitor.get(headers={"Accept-Language": "ru"})["Content-Language"] == "ru"

    def test_a_language_that_is_not_offered_cannot_be_chosen(self) -> None:
        visitor = speaks(["ka", "ru"])
        visitor.post("language", language="es")
        assert settings.LANGUAGE_COOKIE_NAME not in visitor.client.cookies

    def test_only_what_is_offered_stands_in_the_chooser(self) -> None:
        page = speaks(["ka", "ru"]).get().content.decode()
        assert re.findall(r'name="language"\s+value="(\w+)"', page) == ["ka", "ru"]

    def test_one_language_needs_no_chooser(self) -> None:
        assert 'name="language"' not in speaks(["ru"]).get().content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "title"), [("es", "Escriba el código"), ("en", "Type the code")])
def test_a_phone_that_types_a_code_reads_its_own_language(language: str, title: str) -> None:
    """R13: before the code is known, the browser alone says which."""
    answer = Client().get("/phone/", headers={"accept-language": language})
    assert answer.headers["Content-Language"] == language
    assert title in answer.content.decode()
