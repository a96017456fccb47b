"""What the API answers: pydantic models, made from what a query returned."""

from datetime import datetime
from typing import Annotated, Any, Self, cast

from ninja import Path, Schema
from pydantic import BaseModel, ConfigDict, Field

from stepwell.accounts.models import Role
from stepwell.core.keys import ALPHABET, LENGTH
from stepwell.courses.models import Course as CourseModel
from stepwell.courses.outlines import Outline, OutlineCourse
from stepwell.learning.models import LessonProgress
from stepwell.learning.queries import CourseState, EnrolledCourse
from stepwell.learning.queries import DropOff as DropOffFigures
from stepwell.learning.queries import Learner as LearnerRow

Slug = Annotated[str, Path(description="The end of the course's address.")]
Handle = Annotated[str, Path(description="The person's handle.")]
Key = Annotated[str, Path(pattern=rf"^[{ALPHABET}]{{{LENGTH}}}$", description="The lesson's key.")]


class Shape(BaseModel):
    """A part of an answer, readable from an object's attributes.

    Not ninja's `Schema`, which reads each field in Python, at ten times the price.
    """

    model_config = ConfigDict(from_attributes=True)


class Sent(Schema):
    """A body. It refuses fields that it doesn't know, which it would ignore otherwise."""

    model_config = {"extra": "forbid"}


class Person(Shape):
    """Somebody, as everyone may see them."""

    name: str
    handle: str


class Me(Person):
    """The caller."""

    email: str
    role: Role


class CourseName(Shape):
    """Which course, and what it is about."""

    key: str
    slug: str
    title: str
    summary: str
    language: str


class CourseSummary(CourseName):
    """A course as the catalog shows it; lessons and minutes count what is visible."""

    lesson_count: int
    minutes: int
    instructors: list[Person]

    @classmethod
    def of(cls, outline: Outline, **more: Any) -> Self:
        """Return a course with the figures of its outline."""
        return cls(
            **_name(outline.course),
            lesson_count=len(outline.lessons),
            minutes=outline.minutes,
            instructors=list(map(Person.model_validate, outline.instructors)),
            **more,
        )


def _name(course: OutlineCourse) -> dict[str, str]:
    return {name: getattr(course, name) for name in CourseName.model_fields}


class OutlineLesson(Shape):
    """A lesson in an outline; `completed` is null for callers who are not enrolled."""

    key: str
    slug: str
    title: str
    minutes: int
    completed: bool | None


class OutlineModule(Shape):
    """A module with its visible lessons in order."""

    key: str
    title: str
    summary: str
    lessons: list[OutlineLesson]


class CourseDetail(CourseSummary):
    """A course with its outline."""

    description_html: str
    outcomes: list[str]
    modules: list[OutlineModule]

    @classmethod
    def in_state(cls, course: CourseModel, state: CourseState) -> Self:
        """Return the course with the caller's ticks."""
        return cls.of(
            state.outline,
            description_html=course.description_html,
            outcomes=course.outcomes,
            modules=[
                OutlineModule(
                    key=module.key,
                    title=module.title,
                    summary=module.summary,
                    lessons=[
                        OutlineLesson(
                            key=lesson.key,
                            slug=lesson.slug,
                            title=lesson.title,
                            minutes=lesson.minutes,
                            completed=lesson.id in state.completed_ids if state.enrolled else None,
                        )
                        for lesson in module.lessons
                    ],
                )
                for module in state.outline.modules
            ],
        )


class LessonName(Shape):
    """A lesson, named."""

    key: str
    slug: str
    title: str


class NextLesson(Shape):
    """The first visible lesson that is still open, or null when none is."""

    next_lesson: LessonName | None


class Progress(Shape):
    """Completed visible lessons against all visible lessons; percent is rounded down."""

    completed: int
    total: int
    percent: int
    next_lesson: LessonName | None

    @classmethod
    def of(cls, row: EnrolledCourse | LearnerRow) -> Self:
        """Return the figures of a learner's course, and the lesson that comes next."""
        following = row.next_lesson
        return cls(
            completed=row.progress.completed,
            total=row.progress.total,
            percent=row.progress.percent,
            next_lesson=following and LessonName.model_validate(following),
        )


class MyCourse(CourseName):
    """A course and the caller's enrollment in it."""

    is_available: bool
    is_archived: bool
    enrolled_at: datetime
    last_activity_at: datetime
    finished_at: datetime | None
    new_lesson_count: int
    progress: Progress

    @classmethod
    def of(cls, enrolled: EnrolledCourse) -> Self:
        """Return the course as the API shows it under `me/courses`."""
        return cls(
            **_name(enrolled.course),
            is_available=enrolled.is_available,
            is_archived=enrolled.course.is_archived,
            enrolled_at=enrolled.enrolled_at,
            last_activity_at=enrolled.last_activity_at,
            finished_at=enrolled.finished_at,
            new_lesson_count=enrolled.new_lesson_count,
            progress=Progress.of(enrolled),
        )


class CompletedLesson(LessonName):
    """A lesson that the caller has completed."""

    completed_at: datetime

    @classmethod
    def of(cls, row: LessonProgress) -> Self:
        """Return a completion that was not taken back, with its lesson's name."""
        return cls(
            key=row.lesson.key,
            slug=row.lesson.slug,
            title=row.lesson.title,
            completed_at=cast("datetime", row.completed_at),
        )


class Completion(Shape):
    """Whether the caller has completed a lesson, and the course's progress with that."""

    lesson: str
    completed: bool
    completed_at: datetime | None
    first_completed_at: datetime | None
    progress: Progress


class Learner(Person):
    """A learner of a course, as those who teach it see them."""

    email: str
    progress: Progress
    last_activity_at: datetime
    idle_days: int
    enrolled_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, row: LearnerRow) -> Self:
        """Return a row of the table of learners."""
        return cls(
            name=row.name,
            handle=row.handle,
            email=row.email,
            progress=Progress.of(row),
            last_activity_at=row.last_activity_at,
            idle_days=row.idle_days,
            enrolled_at=row.enrolled_at,
            finished_at=row.finished_at,
        )


class LessonFigures(LessonName):
    """How many learners completed a lesson, have it as their next one, and are stuck there."""

    completed: int
    standing: int
    stuck: int


class DropOff(Shape):
    """How far the learners of a course have come, lesson by lesson in outline order."""

    learner_count: int
    lessons: list[LessonFigures]

    @classmethod
    def of(cls, drop_off: DropOffFigures) -> Self:
        """Return the figures lesson by lesson."""
        return cls(
            learner_count=drop_off.learner_count,
            lessons=[
                LessonFigures(
                    key=item.lesson.key,
                    slug=item.lesson.slug,
                    title=item.lesson.title,
                    completed=item.completed,
                    standing=item.standing,
                    stuck=item.stuck,
                )
                for item in drop_off.lessons
            ],
        )


class LearnerList(Shape):
    """A window on the learners of a course."""

    items: list[Learner]
    count: int


class CourseList(Shape):
    """A window on the catalog."""

    items: list[CourseSummary]
    count: int


class MyCourseList(Shape):
    """A window on the caller's courses."""

    items: list[MyCourse]
    count: int


class CompletedLessonList(Shape):
    """A window on the lessons that the caller has completed."""

    items: list[CompletedLesson]
    count: int


class EmailList(Sent):
    """Addresses of people to enroll."""

    emails: list[Annotated[str, Field(max_length=320)]] = Field(max_length=2_000)


class OutcomeItem(Shape):
    """An address, and what became of it."""

    email: str
    result: str


class OutcomeList(BaseModel):
    """What became of each address."""

    items: list[OutcomeItem]
