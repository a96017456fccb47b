"""Every sentence of the site in every language: collected, translated, compiled and shown."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import get_template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.test import Client
from django.utils import translation
from jinja2 import nodes

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.actions import create_lesson, create_module, update_course
from stepwell.courses.models import Course
from tests.factories import enroll, lessons_of, make_course, make_user

PACKAGE: Path = settings.PACKAGE
OWN_TEMPLATES = PACKAGE / "web" / "templates"
ACCOUNT_TEMPLATES = PACKAGE / "web" / "account_templates"
WANTED = [code for code, _name in settings.LANGUAGES if code != "en"]
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
NAME = re.compile(r"[a-z0-9_./-]*")
PLACE = re.compile(r"%(?:\(\w+\))?[\d.]*[a-z]")
ADVICE = "Run bin/messages, translate what is new, and run it again"

each_language = pytest.mark.parametrize("language", WANTED)


@dataclass(frozen=True)
class Entry:
    """A sentence of a .po file with its translations, one for each plural form."""

    sentence: str
    plural: str
    translations: tuple[str, ...]
    is_fuzzy: bool


def entries_of(language: str) -> list[Entry]:
    """Return what a language's .po file holds, without its header."""
    found = []
    for block in _file(language, "po").read_text().strip().split("\n\n")[1:]:
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            if not line.startswith('"'):
                name = line.partition(" ")[0]
            text = ast.literal_eval(line.removeprefix(name).strip())
            fields[name] = fields.get(name, "") + text
        translations = tuple(text for name, text in fields.items() if name.startswith("msgstr"))
        is_fuzzy = "#, fuzzy" in block
        entry = Entry(fields["msgid"], fields.get("msgid_plural", ""), translations, is_fuzzy)
        found.append(entry)
    return found


def sentences_of_code() -> set[str]:
    """Return the sentences that Python and templates send through gettext."""
    return {*_sentences_of_python(), *_sentences_of_templates()}


def _file(language: str, suffix: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / f"django.{suffix}"


def _sentences_of_python() -> Iterator[str]:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in GETTEXT:
                sentence = node.args[0]
                is_literal = isinstance(sentence, ast.Constant)
                assert is_literal, f"{path}:{node.lineno}: gettext can only collect a literal"
                yield sentence.value


def _templates_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.suffix in {".html", ".txt"}]


def _strings_in(path: Path) -> tuple[set[str], set[str]]:
    """Return which strings a template of ours sends through gettext, and which it doesn't."""
    tree = engines["jinja2"].env.parse(path.read_text())
    sent = set()
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT:
            sentence = call.args[0]
            is_literal = isinstance(sentence, nodes.Const)
            assert is_literal, f"{path}:{call.lineno}: gettext can only collect a literal"
            sent.add(sentence.value)
    strings = {node.value for node in tree.find_all(nodes.Const) if isinstance(node.value, str)}
    return sent, strings - sent


def _sentences_of_templates() -> Iterator[str]:
    for path in _templates_in(OWN_TEMPLATES):
        yield from _strings_in(path)[0]
    for path in _templates_in(ACCOUNT_TEMPLATES):
        tree = get_template(str(path.relative_to(ACCOUNT_TEMPLATES))).template.nodelist
        for node in tree.get_nodes_by_type(TranslateNode):
            yield node.filter_expression.var.literal
        for node in tree.get_nodes_by_type(BlockTranslateNode):
            yield node.render_token_list(node.singular)[0]


@each_language
def test_every_sentence_is_collected(language: str) -> None:
    collected = {entry.sentence for entry in entries_of(language)}
    assert not sentences_of_code() - collected, f"{ADVICE}."
    assert not collected - sentences_of_code(), f"{ADVICE}: these are used no more."


@each_language
def test_every_sentence_is_translated(language: str) -> None:
    missing = [
        entry.sentence
        for entry in entries_of(language)
        if entry.is_fuzzy or not entry.translations or not all(entry.translations)
    ]
    assert not missing, f"{ADVICE}; what is marked as fuzzy was guessed."


@each_language
def test_translations_keep_the_places_for_values(language: str) -> None:
    wrong = [
        entry.sentence
        for entry in entries_of(language)
        for text in entry.translations
        if sorted(PLACE.findall(text)) != sorted(PLACE.findall(entry.sentence))
    ]
    assert not wrong


@each_language
def test_compiled_file_says_what_the_readable_one_says(language: str) -> None:
    with _file(language, "mo").open("rb") as file:
        compiled = GNUTranslations(file)
    wrong = [
        entry.sentence
        for entry in entries_of(language)
        if entry.translations
        != tuple(
            compiled.ngettext(entry.sentence, entry.plural, number)
            if entry.plural
            else compiled.gettext(entry.sentence)
            for number in (1, 2)[: len(entry.translations)]
        )
    ]
    assert not wrong, f"{ADVICE}."


def test_german_keeps_the_voice_and_its_quotation_marks() -> None:
    texts = [text for entry in entries_of("de") for text in entry.translations]
    assert not [text for text in texts if "!" in text or "”" in text or "'" in text]
    assert not [text for text in texts if text.count("„") != text.count("“")]
    assert not [text for text in texts if '"' in re.sub(r'="[^"]*"', "", text)]


def test_no_template_shows_a_sentence_past_gettext() -> None:
    invisible = re.compile(
        r"{#.*?#}|{% block body_class %}.*?{% endblock %}"
        r"|{%\s*blocktranslate.*?endblocktranslate\s*%}|{%.*?%}|{{.*?}}"
        r"|<script.*?</script>|<(?P<tag>kbd|code)\b.*?</(?P=tag)>",
        re.DOTALL,
    )
    told = re.compile(r'\b(?:alt|aria-label|title|placeholder|data-failure|data-cop\w+)="([^"]*)"')
    wrong = []
    for path in [*_templates_in(OWN_TEMPLATES), *_templates_in(ACCOUNT_TEMPLATES)]:
        left = invisible.sub("", path.read_text())
        shown = [*told.findall(left), re.sub(r"<[^>]*>", "", left)]
        wrong += [f"{path.name}: {text.strip()}" for text in shown if re.search("[A-Za-z]", text)]
    for path in _templates_in(OWN_TEMPLATES):
        wrong += [
            f"{path.name}: {text}" for text in _strings_in(path)[1] if not NAME.fullmatch(text)
        ]
    assert not wrong


@each_language
def test_drawings_have_no_decimal_comma(language: str, course: Course, person: User) -> None:
    client = Client(headers={"Accept-Language": language})
    client.force_login(person)
    text = client.get("/courses/course/").content.decode()
    assert f'<html lang="{language}"' in text
    figures = re.findall(r'<path class="step[^>]* d="([^"]*)"', text)
    assert any("." in figure for figure in figures)
    assert not [figure for figure in figures if "," in figure]


# What the pages show.


@pytest.fixture
def course(db: None) -> Course:
    return make_course((2,))


@pytest.fixture
def person(course: Course) -> User:
    return enroll(course, make_user("Lara Learner")).user


@pytest.fixture
def german(person: User) -> Client:
    client = Client(headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"})
    client.force_login(person)
    return client


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/courses/", 200, "Kurse suchen"),
        ("/courses/course/", 200, "Gliederung"),
        ("/courses/course/lessons/lesson-11/", 200, "Lektion abschließen"),
        ("/learn/", 200, "0 von 2 Lektionen abgeschlossen"),
        ("/accounts/settings/", 200, "Zeitzone"),
        ("/nowhere/", 404, "Hier ist nichts"),
    ],
)
def test_page_is_german_for_a_german_browser(
    german: Client, address: str, status: int, words: str
) -> None:
    response = german.get(address)
    text = response.content.decode()
    assert response.status_code == status
    assert '<html lang="de" dir="ltr">' in text
    assert words in text
    assert "Mein Lernen" in text


def test_sign_in_is_german_with_its_validation_errors(owner: User) -> None:
    client = Client(headers={"Accept-Language": "de"})
    assert "Passwort vergessen?" in client.get("/accounts/login/").content.decode()
    wrong = client.post("/accounts/login/", {"login": "lara", "password": "x"}).content.decode()
    assert "Schreibe die Adresse wie name@example.org." in wrong


def test_refusals_of_the_api_are_german(german: Client) -> None:
    absent = german.get("/api/v1/courses/nowhere").json()["error"]
    assert absent["code"] == "not_found"
    assert absent["message"].startswith("An dieser Adresse ist nichts")
    invalid = german.get("/api/v1/courses?limit=many").json()["error"]
    assert invalid["fields"] == {"limit": ["Schreibe eine ganze Zahl."]}


def test_browser_that_asks_for_none_of_ours_gets_the_site_s_language(course: Course) -> None:
    text = Client(headers={"Accept-Language": "eo"}).get("/courses/").content.decode()
    assert '<html lang="en" dir="ltr">' in text
    assert "Search courses" in text


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=59), "gerade eben"),
        (timedelta(minutes=1), "vor 1 Minute<"),
        (timedelta(hours=23, minutes=59), "vor 23 Stunden<"),
        (timedelta(days=1), "vor 1 Tag<"),
        (timedelta(days=6, hours=23), "vor 6 Tagen<"),
    ],
)
def test_recent_times_bend_their_words(
    german: Client, person: User, age: timedelta, words: str
) -> None:
    User.objects.filter(pk=person.pk).update(date_joined=clock.now() - age)
    assert words in german.get(f"/members/{person.handle}/").content.decode()


def test_dates_follow_the_language(german: Client, person: User) -> None:
    User.objects.filter(pk=person.pk).update(date_joined=datetime(2020, 5, 3, 10, tzinfo=UTC))
    page = f"/members/{person.handle}/"
    assert ">3. Mai 2020</time>" in german.get(page).content.decode()
    english = german.get(page, headers={"Accept-Language": "en"})
    assert ">May 3, 2020</time>" in english.content.decode()


def test_switch_stands_on_every_page_and_is_remembered(course: Course) -> None:
    client = Client(headers={"Accept-Language": "en"})
    page = client.get("/courses/?q=a").content.decode()
    assert '<span lang="en" aria-current="true">English</span>' in page
    assert '<button type="submit" name="language" value="de" lang="de">Deutsch</button>' in page
    assert '<input type="hidden" name="next" value="/courses/?q=a">' in page
    answer = client.post("/language/", {"language": "de", "next": "/courses/?q=a"})
    assert answer["Location"] == "/courses/?q=a"
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME]["max-age"] > 30 * 86_400
    assert '<html lang="de"' in client.get("/courses/").content.decode()


@pytest.mark.django_db
def test_switch_leads_to_no_other_site_and_knows_no_other_language() -> None:
    client = Client(headers={"Accept-Language": "en"})
    answer = client.post("/language/", {"language": "xx", "next": "https://example.com/"})
    assert answer["Location"] == "/"
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies


def test_words_that_rendering_adds_are_in_the_course_s_language(course: Course) -> None:
    body = "::: warning\nHot.\n:::"
    german = update_course(course=course, language="de")
    module = create_module(course=german, title="Eins")
    assert "Warnung" in create_lesson(module=module, title="Ofen", body=body).html
    english = make_course(title="Baking")
    module = create_module(course=english, title="One")
    with translation.override("de"):
        assert "Warning" in create_lesson(module=module, title="Oven", body=body).html


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar-EG", "rtl")])
def test_lesson_says_in_which_language_it_is_written(
    german: Client, course: Course, language: str, direction: str
) -> None:
    update_course(course=course, language=language)
    text = german.get(lessons_of(course)[0].get_absolute_url()).content.decode()
    assert f'<h1 lang="{language}" dir="{direction}">' in text
    assert f'<div class="prose" lang="{language}" dir="{direction}"' in text
