"""Files, covers and videos that people send."""

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from PIL import Image
from pytest_django import Settings

from stepwell.courses.actions import (
    remove_cover,
    set_cover,
    set_video,
    update_lesson,
    upload_attachment,
)
from stepwell.courses.errors import AttachmentTooLarge, BadFile, BadPicture, BadVideo
from stepwell.courses.models import COVER_WIDTHS, Course, Lesson, cover_path
from stepwell.courses.outlines import get_outline
from tests.factories import lessons_of, make_course

pytestmark = pytest.mark.django_db

WEBM = b"\x1aE\xdf\xa3" + bytes(100)
VTT = b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n"


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def course() -> Course:
    return make_course([1])


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return lessons_of(course)[0]


def file(content: bytes, name: str) -> "ContentFile[bytes]":
    return ContentFile(content, name=name)


def picture(size: tuple[int, int] = (900, 900), kind: str = "JPEG") -> "ContentFile[bytes]":
    image = Image.new("RGB", size, "teal")
    image.paste("orange", (0, 0, size[0], size[1] // 2))
    out = BytesIO()
    image.save(out, kind)
    return file(out.getvalue(), "photo.jpg")


def upload(course: Course, content: bytes, name: str) -> str:
    return upload_attachment(course=course, file=file(content, name), name=name).name


def test_same_file_again_is_the_one_that_is_there(course: Course) -> None:
    names = [upload(course, content, "notes.txt") for content in (b"a", b"a", b"b", b"b")]

    assert names == ["notes.txt", "notes.txt", "notes-2.txt", "notes-2.txt"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\notes.TXT", "notes.txt"),
        ("a\0b\u202etxt.exe.txt", "abtxt.exe.txt"),
        ("Übung  1.txt", "Übung 1.txt"),
        (".txt", "file.txt"),
        ("x" * 300 + ".txt", "x" * 120 + ".txt"),
    ],
)
def test_names_are_cleaned(course: Course, sent: str, kept: str) -> None:
    assert upload(course, b"text", sent) == kept


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("run.exe", b"MZ"),
        ("noending", b"x"),
        ("page.png", b"<html><script>alert(1)</script>"),
        ("photo.jpg", b"\x89PNG\r\n\x1a\n"),
        ("clip.mp4", b"<html>"),
        ("paper.pdf", b"<html>"),
        ("sums.docx", b"<html>"),
        ("draw.svg", b"<svg onload='alert(1)'/>"),
        ("draw.svg", b"<svg><script>alert(1)</script></svg>"),
        ("draw.svg", b"<svg><foreignObject/></svg>"),
        ("draw.svg", b"<svg><image href='https://evil.example/x.png'/></svg>"),
        ("draw.svg", b"<html/><svg>"),
    ],
)
def test_hostile_and_misnamed_files_are_refused(course: Course, name: str, content: bytes) -> None:
    with pytest.raises(BadFile):
        upload(course, content, name)

    assert course.attachments.count() == 0


def test_harmless_drawing_is_taken(course: Course) -> None:
    assert upload(course, b"<svg xmlns='http://www.w3.org/2000/svg'/>", "draw.svg") == "draw.svg"


def test_cover_is_cut_and_scaled(course: Course, media: Path) -> None:
    set_cover(course=course, picture=picture(), focus=(0.5, 0))

    for width in COVER_WIDTHS:
        with Image.open(media / cover_path(course.key, course.cover, width)) as image:
            assert image.format == "WEBP"
            assert image.width == min(width, 900)
            assert abs(image.width / image.height - 16 / 9) < 0.01
            assert image.getpixel((5, 5))[0] > 200  # the orange half
    assert get_outline(course).course.cover == course.cover


def test_same_cover_again_changes_nothing_and_another_focus_does(course: Course) -> None:
    set_cover(course=course, picture=picture())
    before = course.outline_version
    set_cover(course=course, picture=picture())
    assert course.outline_version == before

    set_cover(course=course, picture=picture(), focus=(0.5, 1))
    assert course.outline_version > before
    remove_cover(course=course)
    remove_cover(course=course)
    assert Course.objects.get().cover == ""


def bomb() -> bytes:
    """A picture of 100 megapixels in a few kilobytes."""
    out = BytesIO()
    Image.new("1", (10_000, 10_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"<svg/>", b"", b"\x89PNG\r\n\x1a\nx", b"<html>"],
    ids=["svg", "empty", "cut", "html"],
)
def test_what_is_no_picture_is_no_cover(course: Course, content: bytes) -> None:
    with pytest.raises(BadPicture):
        set_cover(course=course, picture=file(content, "x.png"))


def test_picture_bomb_is_refused_before_it_is_decoded(course: Course) -> None:
    content = bomb()
    assert len(content) < 100_000

    with pytest.raises(BadPicture):
        set_cover(course=course, picture=file(content, "x.png"))


def test_video_file_with_captions_and_poster(lesson: Lesson) -> None:
    srt = b"1\r\n00:00:01,000 --> 00:00:02,500\r\nHello\r\n"
    set_video(
        lesson=lesson,
        file=file(WEBM, "talk.webm"),
        captions=file(srt, "talk.srt"),
        poster=file(picture().read(), "talk.jpg"),
    )

    assert (lesson.video, lesson.captions, lesson.poster) == (
        *("assets/talk.webm", "assets/talk.vtt"),
        "assets/talk.jpg",
    )
    with lesson.course.attachments.get(name="talk.vtt").file.open() as captions:
        assert captions.read() == b"WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\nHello\n"
    set_video(lesson=lesson, link=lesson.video)  # as the form sends it
    assert lesson.captions == "assets/talk.vtt"
    set_video(lesson=lesson, link="https://vimeo.com/1")
    assert (lesson.video, lesson.captions, lesson.poster) == ("https://vimeo.com/1", "", "")
    set_video(lesson=lesson)
    assert lesson.video == ""


@pytest.mark.parametrize("link", ["https://example.org/", "javascript:alert(1)", "nonsense"])
def test_address_of_no_video_is_refused(lesson: Lesson, link: str) -> None:
    with pytest.raises(BadVideo):
        set_video(lesson=lesson, link=link)


def test_link_that_an_import_brought_may_stay(lesson: Lesson) -> None:
    update_lesson(lesson=lesson, video="https://video.example.org/1")

    assert set_video(lesson=lesson, link=lesson.video).video == "https://video.example.org/1"


@pytest.mark.parametrize(
    ("part", "name", "content"),
    [
        ("file", "talk.mov", WEBM),
        ("file", "talk.mp4", b"<html>"),
        ("captions", "talk.txt", VTT),
        ("captions", "talk.vtt", b"no captions"),
        ("captions", "talk.vtt", b"WEBVTT\n\xff\xfe"),
        ("poster", "talk.svg", b"<svg/>"),
        ("poster", "talk.png", b"<html>"),
    ],
)
def test_parts_of_a_video_are_what_they_say(
    lesson: Lesson, part: str, name: str, content: bytes
) -> None:
    with pytest.raises(BadFile):
        set_video(lesson=lesson, **{part: file(content, name)})  # type: ignore[arg-type]  # one of its files

    assert Lesson.objects.get().video == ""


def test_video_may_be_larger_than_other_files(
    lesson: Lesson, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings.SITE, "max_attachment_mb", 1)
    large = WEBM + bytes(1024 * 1024)

    set_video(lesson=lesson, file=file(large, "talk.webm"))
    with pytest.raises(AttachmentTooLarge):
        upload(lesson.course, large, "other.webm")


def test_video_with_one_wrong_part_leaves_nothing_behind(lesson: Lesson) -> None:
    with pytest.raises(BadFile):
        set_video(
            lesson=lesson,
            file=file(WEBM, "talk.webm"),
            captions=file(b"no captions", "talk.vtt"),
            minutes=9,
        )

    lesson.refresh_from_db()
    assert (lesson.video, lesson.minutes, lesson.course.attachments.count()) == ("", 0, 0)


def test_long_names_in_any_script_fit_into_a_file_system(course: Course) -> None:
    name = upload(course, b"x", "文" * 120 + ".txt")

    assert name == "文" * 66 + ".txt"
