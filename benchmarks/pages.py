"""The pages under load and their twins in the API: who asks for them, and what they must hold."""

import random
from collections.abc import Callable, Collection, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from benchmarks.visits import FORM, Learner, Visit
from stepwell.courses.models import Course, Lesson, Status
from stepwell.learning.models import Enrollment, LessonProgress

HTML, JSON = "text/html", "application/json"
CATALOG_PAGES = 3
MOST_WRITERS = 2_000  # the completions of all of them are in memory at a time


@dataclass(frozen=True)
class LessonName:
    """A lesson that learners can see."""

    id: int
    key: str
    slug: str
    title: str


@dataclass(frozen=True)
class CourseName:
    """A course of the catalog with its lessons in order."""

    id: int
    slug: str
    title: str
    lessons: list[LessonName]


class School:
    """What is needed of a school to visit it: its courses, and who is in which."""

    def __init__(self, learners: Sequence[Learner]) -> None:
        self.learners = learners
        self.courses = {
            pk: CourseName(pk, slug, title, [])
            for pk, slug, title in Course.objects.filter(
                status=Status.PUBLISHED, archived_at=None
            ).values_list("pk", "slug", "title")
        }
        self.lessons: dict[int, tuple[CourseName, LessonName]] = {}
        visible = Lesson.objects.filter(
            status=Status.PUBLISHED, archived_at=None, module__archived_at=None
        ).order_by("module__position", "module_id", "position", "pk")
        for course_id, pk, *names in visible.values_list("course_id", "pk", "key", "slug", "title"):
            if course := self.courses.get(course_id):
                lesson = LessonName(pk, *map(str, names))
                course.lessons.append(lesson)
                self.lessons[lesson.id] = (course, lesson)

    @cached_property
    def courses_of(self) -> dict[int, list[CourseName]]:
        """The courses that each signed-in learner is in, by learner."""
        found: dict[int, list[CourseName]] = {learner.id: [] for learner in self.learners}
        rows = Enrollment.objects.filter(unenrolled_at=None, course_id__in=self.courses)
        pairs = rows.order_by("pk").values_list("user_id", "course_id")
        for user_id, course_id in pairs.iterator():
            if user_id in found:
                found[user_id].append(self.courses[course_id])
        return found

    def among(self, learners: Sequence[Learner]) -> "School":
        """Return the same school with only these learners in sight."""
        part = copy(self)
        part.learners = learners
        return part

    def warm_ups(self, visits: Sequence[Visit]) -> list[Visit]:
        """Return visits that read what these do: themselves, or the lesson that they change."""
        return [visit if visit.method == "GET" else self._reading(visit) for visit in visits]

    def _reading(self, change: Visit) -> Visit:
        course, lesson = self.lessons[change.subject]
        return Visit(change.learner, f"/courses/{course.slug}/lessons/{lesson.slug}/")

    def completed_by(self, learners: Collection[Learner]) -> dict[int, set[int]]:
        """Return the lessons that learners have completed, by learner."""
        found: dict[int, set[int]] = {learner.id: set() for learner in learners}
        rows = LessonProgress.objects.filter(user_id__in=found, completed_at__isnull=False)
        for user_id, lesson_id in rows.values_list("user_id", "lesson_id").iterator():
            found[user_id].add(lesson_id)
        return found


Visits = Callable[[School, random.Random], Iterator[Visit]]
Marks = Callable[[School, Visit, set[int]], list[str]]


@dataclass(frozen=True)
class Page:
    """A page under load.

    `visits` yields requests: without end where they only read, each once where they change.
    `marks` gives what the right answer must hold for a learner with these lessons completed.
    `changes_to` says what a visit makes of its lesson: completed, open, or nothing. `rare` are
    the bytes of right answers that so few get that no sample need hold one.
    """

    name: str
    visits: Visits
    marks: Marks
    content_type: str = HTML
    changes_to: bool | None = None
    rare: tuple[int, ...] = ()

    def some_visits(self, school: School, count: int, encodings: str) -> list[Visit]:
        """Return up to `count` visits, the same for the same state of the school."""
        chance = random.Random(self.name)
        visits = list(islice(self.visits(school, chance), count))
        chance.shuffle(visits)
        return [replace(visit, encodings=encodings) for visit in visits]


def _about_courses(address: str) -> Visits:
    def visits(school: School, chance: random.Random) -> Iterator[Visit]:
        while True:
            learner = chance.choice(school.learners)
            course = chance.choice(school.courses_of[learner.id])
            yield Visit(learner, address.format(course=course.slug), subject=course.id)

    return visits


def _about_lessons(school: School, chance: random.Random) -> Iterator[Visit]:
    while True:
        learner = chance.choice(school.learners)
        course = chance.choice(school.courses_of[learner.id])
        lesson = chance.choice(course.lessons)
        path = f"/courses/{course.slug}/lessons/{lesson.slug}/"
        yield Visit(learner, path, subject=lesson.id)


def _for_all(*addresses: str) -> Visits:
    def visits(school: School, chance: random.Random) -> Iterator[Visit]:
        while True:
            yield Visit(chance.choice(school.learners), chance.choice(addresses))

    return visits


def _changes(change: Callable[[Learner, CourseName, LessonName], Visit], to: bool) -> Visits:
    """Return visits that each change the state of another lesson, as long as there are any.

    Enrollments take turns: each is visited once before any is visited twice.
    """

    def visits(school: School, chance: random.Random) -> Iterator[Visit]:
        learners = chance.sample(school.learners, min(MOST_WRITERS, len(school.learners)))
        completed = school.completed_by(learners)
        turns = [
            (
                learner,
                course,
                [le for le in course.lessons if (le.id in completed[learner.id]) != to],
            )
            for learner in learners
            for course in school.courses_of[learner.id]
        ]
        chance.shuffle(turns)
        for *_enrollment, lessons in turns:
            chance.shuffle(lessons)
        while turns := [turn for turn in turns if turn[2]]:
            for learner, course, lessons in turns:
                yield change(learner, course, lessons.pop())

    return visits


def _post(state: str) -> Callable[[Learner, CourseName, LessonName], Visit]:
    def post(learner: Learner, course: CourseName, lesson: LessonName) -> Visit:
        path = f"/courses/{course.slug}/lessons/{lesson.slug}/completion/"
        body = f"csrfmiddlewaretoken={learner.csrf}&state={state}"
        return Visit(learner, path, "POST", body, FORM, lesson.id)

    return post


def _call(method: str) -> Callable[[Learner, CourseName, LessonName], Visit]:
    def call(learner: Learner, _course: CourseName, lesson: LessonName) -> Visit:
        path = f"/api/v1/lessons/{lesson.key}/completion"
        return Visit(learner, path, method, subject=lesson.id)

    return call


def _in_header(visit: Visit) -> str:
    """Every page of a learner links to their profile."""
    return f'"/members/{visit.learner.handle}/"'


def _catalog(school: School, visit: Visit, _completed: set[int]) -> list[str]:
    first = min(school.courses.values(), key=lambda course: (course.title, course.id))
    on_first = [] if "page=" in visit.path else [f'"/courses/{first.slug}/"', first.title]
    return [_in_header(visit), "<title>Catalog", *on_first]


def _my_learning(school: School, visit: Visit, _completed: set[int]) -> list[str]:
    courses = school.courses_of[visit.learner.id]
    return [_in_header(visit), *(f'"/courses/{course.slug}/' for course in courses)]


def _course(school: School, visit: Visit, _completed: set[int]) -> list[str]:
    course = school.courses[visit.subject]
    lessons = (f'"/courses/{course.slug}/lessons/{lesson.slug}/"' for lesson in course.lessons)
    return [_in_header(visit), f"<title>{course.title}", *lessons]


def _lesson(school: School, visit: Visit, completed: set[int]) -> list[str]:
    _course, lesson = school.lessons[visit.subject]
    wanted = "open" if lesson.id in completed else "completed"
    return [
        _in_header(visit),
        f"<title>{lesson.title}",
        f'"{visit.path}completion/"',
        f'value="{wanted}"',
        "comparisons for",  # out of the middle of benchmarks/lesson.md
    ]


def _completion(offered: str) -> Marks:
    def marks(_school: School, visit: Visit, _completed: set[int]) -> list[str]:
        return [f'"{visit.path}"', f'value="{offered}"']

    return marks


# What the API answers is looked at with its names sorted and without spaces.


def _api_catalog(school: School, _visit: Visit, _completed: set[int]) -> list[str]:
    by_title = sorted(school.courses.values(), key=lambda course: (course.title, course.id))
    slugs = [f'"slug":"{course.slug}"' for course in by_title[:50]]
    return [*slugs, f'"count":{len(by_title)},']


def _api_my_courses(school: School, visit: Visit, completed: set[int]) -> list[str]:
    courses = school.courses_of[visit.learner.id]
    return [
        mark
        for course in courses
        for mark in (f'"slug":"{course.slug}"', _progress(course, completed))
    ]


def _progress(course: CourseName, completed: set[int]) -> str:
    done = sum(lesson.id in completed for lesson in course.lessons)
    return f'"completed":{done},"next_lesson":{_next(course, completed)}'


def _next(course: CourseName, completed: set[int]) -> str:
    lesson = next((lesson for lesson in course.lessons if lesson.id not in completed), None)
    return f'{{"key":"{lesson.key}"' if lesson else "null"


def _api_course(school: School, visit: Visit, completed: set[int]) -> list[str]:
    course = school.courses[visit.subject]
    ticks = [
        f'"completed":{str(lesson.id in completed).lower()},"key":"{lesson.key}"'
        for lesson in course.lessons
    ]
    return [f'"slug":"{course.slug}"', *ticks]


def _api_next_lesson(school: School, visit: Visit, completed: set[int]) -> list[str]:
    return [f'"next_lesson":{_next(school.courses[visit.subject], completed)}']


def _api_completion(state: bool) -> Marks:
    def marks(school: School, visit: Visit, _completed: set[int]) -> list[str]:
        _course, lesson = school.lessons[visit.subject]
        return [f'"completed":{str(state).lower()},', f'"lesson":"{lesson.key}"']

    return marks


CATALOG = ["/courses/", *(f"/courses/?page={n}" for n in range(2, CATALOG_PAGES + 1))]
PAGES = {
    page.name: page
    for page in (
        Page("catalog", _for_all(*CATALOG), _catalog),
        Page("my-learning", _for_all("/learn/"), _my_learning),
        Page("course", _about_courses("/courses/{course}/"), _course),
        Page("lesson", _about_lessons, _lesson),
        Page(
            "complete",
            _changes(_post("completed"), to=True),
            _completion("open"),
            changes_to=True,
            rare=(1_200, 1_700),  # whose last lesson it was; who are given a badge and a level
        ),
        Page(
            "reopen",
            _changes(_post("open"), to=False),
            _completion("completed"),
            changes_to=False,
        ),
        Page("api-catalog", _for_all("/api/v1/courses"), _api_catalog, JSON),
        Page("api-my-learning", _for_all("/api/v1/me/courses"), _api_my_courses, JSON),
        Page("api-course", _about_courses("/api/v1/courses/{course}"), _api_course, JSON),
        Page(
            "api-next-lesson",
            _about_courses("/api/v1/courses/{course}/next-lesson"),
            _api_next_lesson,
            JSON,
            rare=(len('{"next_lesson": null}'),),  # who have completed all
        ),
        Page(
            "api-complete",
            _changes(_call("PUT"), to=True),
            _api_completion(True),
            JSON,
            changes_to=True,
            rare=(200,),  # whose last lesson it was
        ),
        Page(
            "api-reopen",
            _changes(_call("DELETE"), to=False),
            _api_completion(False),
            JSON,
            changes_to=False,
        ),
    )
}


def _floor(name: str, path: str, mark: Callable[[Visit], str]) -> Page:
    return Page(name, _for_all(path), lambda _school, visit, _completed: [mark(visit)])


# Each is the settings module of the same name below benchmarks/floors.
FLOORS = {
    page.name: page
    for page in (
        _floor("cookie", "/empty/", lambda _visit: "ok"),
        _floor("stock", "/user/", lambda visit: f"user {visit.learner.id}"),
        _floor("own", "/user/", lambda visit: f"user {visit.learner.id}"),
    )
}
# What the page of that name asked the database, and nothing else.
SQL = _floor("sql", "/sql/", lambda _visit: "ok")
