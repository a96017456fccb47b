"""Links of stored Markdown become addresses that outlive every renaming."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from pytest_django import DjangoAssertNumQueries, Settings

from stepwell.courses.actions import (
    create_lesson,
    create_page,
    save_attachment,
    update_course,
    update_lesson,
)
from stepwell.courses.models import Course
from stepwell.courses.rendering import render_for_course
from tests.factories import make_course

pytestmark = pytest.mark.django_db

KEY = "abcdefghij23"


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def course() -> Course:
    course = make_course([1])
    Course.objects.filter(pk=course.pk).update(key="course234567")
    return Course.objects.get(pk=course.pk)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (f"lesson:{KEY}", f"/lessons/{KEY}/"),
        (f"page:{KEY}", f"/pages/{KEY}/"),
        (f"lesson:{KEY}#rest", f"/lessons/{KEY}/#rest"),
        (f"page:{KEY}#a#b", f"/pages/{KEY}/#a#b"),
        ("assets/a.png", "/files/course234567/a.png"),
        ("assets/img/a%20b.png", "/files/course234567/img/a%20b.png"),
        ("assets/größe.png", "/files/course234567/gr%C3%B6%C3%9Fe.png"),
        ("assets/100%25.png", "/files/course234567/100%25.png"),
        ("assets/a.pdf#page=2", "/files/course234567/a.pdf#page=2"),
        ("assets/a.png?raw=true#top", "/files/course234567/a.png?raw=true#top"),
        ("#rest", "#rest"),
        ("https://example.org/assets/a.png", "https://example.org/assets/a.png"),
        ("mailto:ada@example.org", "mailto:ada@example.org"),
    ],
)
def test_link_becomes_a_stable_address(course: Course, written: str, address: str) -> None:
    assert f'href="{address}"' in render_for_course(course, f"[it]({written})").html


@pytest.mark.parametrize(
    "written",
    [
        "lesson:",
        "page:",
        "lesson:a/b",
        "lesson:../../admin",
        f"lesson:{KEY}/",
        f"lesson:{KEY}x",
        f"lesson:{KEY.upper()}",
        f"lesson:{KEY}?a=b",
        f"page:#{KEY}",
        "assets/",
        "assets/#top",
        "other/a.png",
    ],
)
def test_link_that_only_resembles_one_stays_as_it_was_written(course: Course, written: str) -> None:
    assert f'href="{written}"' in render_for_course(course, f"[it]({written})").html


def test_malformed_percent_signs_do_no_harm(course: Course) -> None:
    html = render_for_course(course, "[a](assets/%) [b](assets/%ff.png) [c](assets/%0A)").html

    assert html.count('href="/files/course234567/') == 3


def test_image_shows_the_attachment(course: Course) -> None:
    html = render_for_course(course, "![Wiring](assets/img/wiring.png)").html

    assert 'src="/files/course234567/img/wiring.png"' in html


def drawing(width: int, height: int = 50) -> "ContentFile[bytes]":
    return ContentFile(f'<svg width="{width}" height="{height}"/>'.encode())


def test_image_comes_with_the_size_of_the_attachment(
    course: Course, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    save_attachment(course=course, name="a & b's.svg", content=drawing(70))

    with django_assert_num_queries(1):
        html = render_for_course(course, "![](assets/a%20&%20b's.svg?raw=true#top)").html

    assert 'width="70" height="50"' in html


@pytest.mark.parametrize(
    "source",
    [
        "![](assets/none.svg)",
        "![](assets/gone.svg)",
        "![](assets/%00.svg)",
        "![](gone.svg)",
        "![](/files/course999999/a.svg)",
    ],
)
def test_image_of_unknown_size_goes_without(course: Course, source: str) -> None:
    gone = save_attachment(course=course, name="gone.svg", content=drawing(70))
    gone.file.delete(save=False)

    assert "width" not in render_for_course(course, source).html


def test_texts_learn_the_size_of_a_picture_that_comes_later(course: Course) -> None:
    module, body = course.modules.get(), "![](assets/a&b.svg)"
    lesson = create_lesson(module=module, title="Lesson", body=body)
    page = create_page(lesson=lesson, title="Page", body=body)
    update_course(course=course, description=body)

    for width in (70, 80):
        save_attachment(course=course, name="a&b.svg", content=drawing(width))
        for text in (lesson, page, course):
            text.refresh_from_db()
        for html in (lesson.html, page.html, course.description_html):
            assert f'width="{width}" height="50"' in html


def test_all_texts_of_a_course_are_rendered_alike(course: Course) -> None:
    module, body, address = course.modules.get(), f"[it](page:{KEY})", f'href="/pages/{KEY}/"'

    lesson = create_lesson(module=module, title="Lesson", body=body)
    page = create_page(lesson=lesson, title="Page", body=body)
    update_course(course=course, description=body)

    assert address in lesson.html
    assert address in page.html
    assert address in course.description_html


def test_script_is_gone_from_what_is_stored(course: Course) -> None:
    lesson = create_lesson(module=course.modules.get(), title="Lesson")

    body = "<script>alert(1)</script>\n\n<a href='javascript:alert(1)'>x</a> *safe*"
    update_lesson(lesson=lesson, body=body)

    assert "script" not in lesson.html
    assert "<em>safe</em>" in lesson.html
