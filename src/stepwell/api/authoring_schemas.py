"""What authors send, and how their courses are answered."""

from typing import Annotated, Literal, Self

from ninja import Field, Schema
from pydantic import FailFast, StrictBool, StrictInt

from stepwell.api.schemas import Sent, Shape
from stepwell.core.markdown.cost import MOST_CHARACTERS
from stepwell.courses.models import Course, Lesson, Module
from stepwell.courses.queries import TreeLesson, TreeModule, get_tree

Status = Literal["draft", "published"]
# The first wrong entry is named alone: an answer about each of 400,000 takes minutes.
Texts = Annotated[list[str], FailFast()]


class NewCourse(Sent):
    """A course to create."""

    title: str = Field(max_length=200)
    slug: str = Field("", max_length=90)
    summary: str = Field("", max_length=400)
    description: str = Field("", max_length=MOST_CHARACTERS)
    outcomes: Texts = []
    language: str = Field("en", pattern=r"^[A-Za-z-]+$", max_length=12)


class CourseChanges(Sent):
    """What to change of a course."""

    title: str = Field("", max_length=200)
    slug: str = Field("", max_length=90)
    summary: str = Field("", max_length=400)
    description: str = Field("", max_length=MOST_CHARACTERS)
    outcomes: Texts = []
    language: str = Field("en", pattern=r"^[A-Za-z-]+$", max_length=12)
    minutes: StrictInt = Field(0, ge=0, le=1_000_000)


class StatusChange(Sent):
    """The wanted status; `lessons` publishes a course's drafts, `empty` what has no text too."""

    status: Status
    lessons: StrictBool = False
    empty: StrictBool = True


class Publication(Sent):
    """How to publish a module: without `empty`, drafts that have nothing to show stay drafts."""

    empty: StrictBool = True


class NewModule(Sent):
    """A module to add."""

    title: str = Field(max_length=200)
    summary: str = Field("", max_length=400)


class ModuleChanges(Sent):
    """What to change of a module."""

    title: str = Field("", max_length=200)
    summary: str = Field("", max_length=400)


class NewLesson(Sent):
    """A lesson to add."""

    title: str = Field(max_length=200)
    slug: str = Field("", max_length=90)
    body: str = Field("", max_length=MOST_CHARACTERS)
    video: str = Field("", max_length=500)
    minutes: StrictInt = Field(0, ge=0, le=9_999)


class LessonChanges(Sent):
    """What to change of a lesson; `revision` is the one that the change was begun on."""

    title: str = Field("", max_length=200)
    slug: str = Field("", max_length=90)
    body: str = Field("", max_length=MOST_CHARACTERS)
    video: str = Field("", max_length=500)
    minutes: StrictInt = Field(0, ge=0, le=9_999)
    revision: StrictInt = Field(0, ge=0)


class Move(Sent):
    """The key of what it is to come in front of; empty for the end."""

    before: str = Field("", max_length=20)


class LessonMove(Move):
    """The module to come into, and the lesson there to come in front of."""

    module: str = Field(max_length=20)


class ArrangedModule(Sent):
    """A module with the keys of its lessons in order."""

    key: str
    lessons: Texts


class Arrangement(Sent):
    """All modules in order."""

    modules: Annotated[list[ArrangedModule], FailFast()]


class TaughtCourse(Shape):
    """A course as its authors see it."""

    key: str
    slug: str
    title: str
    summary: str
    description: str
    outcomes: list[str]
    language: str
    minutes: int
    status: str

    @classmethod
    def of(cls, course: Course) -> Self:
        """Return a course."""
        return cls.model_validate(course)


class OpenedCourse(TaughtCourse):
    """A course with the keys of its published lessons that have no text, video or sub-pages."""

    empty_lessons: list[str] = []


class TaughtCourseList(Schema):
    """A part of the courses that somebody teaches."""

    items: list[TaughtCourse]
    count: int


class TaughtLesson(Shape):
    """A lesson as its authors see it in an outline."""

    key: str
    title: str
    minutes: int
    status: str

    @classmethod
    def of(cls, lesson: "Lesson | TreeLesson") -> Self:
        """Return a lesson, from its row or an outline."""
        if isinstance(lesson, Lesson):
            return cls.model_validate(lesson)
        status = "published" if lesson.is_published else "draft"
        return cls(key=lesson.key, title=lesson.title, minutes=lesson.minutes, status=status)


class OpenedLesson(TaughtLesson):
    """A lesson; its key again if it is published without text, video and sub-pages."""

    empty_lessons: list[str] = []


class TaughtModule(Shape):
    """A module as its authors see it."""

    key: str
    title: str
    summary: str

    @classmethod
    def of(cls, module: Module) -> Self:
        """Return a module."""
        return cls.model_validate(module)


class OutlinedModule(Schema):
    """A module with its lessons in order."""

    key: str
    title: str
    lessons: list[TaughtLesson]

    @classmethod
    def of(cls, module: TreeModule) -> Self:
        """Return a module of an outline."""
        lessons = list(map(TaughtLesson.of, module.lessons))
        return cls(key=module.key, title=module.title, lessons=lessons)


class TaughtOutline(Schema):
    """An outline as its authors see it."""

    modules: list[OutlinedModule]

    @classmethod
    def of(cls, course: Course) -> Self:
        """Return the outline of a course."""
        return cls(modules=list(map(OutlinedModule.of, get_tree(course))))


class OpenedOutline(TaughtOutline):
    """An outline with the keys of its published lessons that have no text, video or sub-pages."""

    empty_lessons: list[str] = []


class LessonBody(TaughtLesson):
    """A lesson with its Markdown."""

    slug: str
    body: str
    video: str
    revision: int
