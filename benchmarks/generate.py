"""Fill an empty site with a made-up school that holds up to `stepwell verify`.

Courses go in by the same models as everywhere, in bulk. What learners did is written by the
database itself, a thousand learners at a time, so that twelve million completions take minutes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from benchmarks.shapes import Shape
from stepwell.accounts.models import Role, User
from stepwell.core import clock
from stepwell.core.markdown.plain_text import render_plain_summary
from stepwell.core.markdown.rendering import render_markdown
from stepwell.courses.models import Course, Lesson, Module, Status

BODY = (Path(__file__).parent / "lesson.md").read_text()
# Learners begin another course each week, the last one by now: a school in use, where nobody has
# been away for months, which would have each of them earn a badge for coming back.
AGE = timedelta(days=65)
BATCH = 1_000
MINUTES = 45  # between a learner's completions

LEARNERS_AT_ONCE = 1_000  # whose learning is one transaction

# Every figure below follows from whose turn it is, whatever their id, so that two schools of one
# shape that begin at one time are the same. Each statement is about the learners from `low` to
# `high`, in an order of joins that SQLite keeps.
ENROLLMENTS = """
    INSERT INTO learning_enrollment
        (user_id, course_id, enrolled_at, last_activity_at, completed_count)
    WITH RECURSIVE turn(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM turn WHERE k < {per} - 1)
    SELECT user_id, course_id, {enrolled}, {last}, 0
    FROM (SELECT u.id AS user_id, {user_n} AS u_n, k, {first_course} + {course_n} AS course_id,
                 {course_n} AS c_n
          FROM accounts_user u CROSS JOIN turn
          WHERE u.id BETWEEN {low} AND {high}) places
    ORDER BY user_id, k
"""
COMPLETIONS = """
    INSERT INTO learning_lessonprogress (user_id, lesson_id, first_completed_at, completed_at)
    SELECT e.user_id, l.id, {at}, {at}
    FROM (SELECT *, user_id - {first_learner} AS u_n, course_id - {first_course} AS c_n
          FROM learning_enrollment WHERE user_id BETWEEN {low} AND {high}) e
    CROSS JOIN bench_place l
    WHERE l.course_id = e.course_id AND l.n <= {share}
    ORDER BY e.user_id, e.course_id, l.n
"""
RECORD = """
    INSERT INTO learning_learningevent (user_id, course_id, lesson_id, kind, origin, at)
    SELECT user_id, course_id, lesson_id, kind, 'web', at FROM (
        SELECT user_id, course_id, CAST(NULL AS bigint) AS lesson_id, 'enrolled' AS kind,
               enrolled_at AS at
        FROM learning_enrollment
        UNION ALL
        SELECT p.user_id, l.course_id, l.id, 'completed', p.completed_at
        FROM learning_lessonprogress p CROSS JOIN courses_lesson l WHERE l.id = p.lesson_id
    ) facts
    WHERE user_id BETWEEN {low} AND {high}
    ORDER BY user_id, at, course_id, lesson_id
"""
# The lessons that count, numbered in each course.
PLACES = """
    INSERT INTO bench_place
    SELECT course_id, ROW_NUMBER() OVER (PARTITION BY course_id ORDER BY id), id
    FROM courses_lesson WHERE status = 'published'
"""
SQLITES_INDEXES = """
    SELECT name, sql FROM sqlite_master
    WHERE type = 'index' AND sql IS NOT NULL AND tbl_name LIKE %s
"""
# How many lessons a learner has completed in a course: up to `completed` more or less.
SHARE = "1 + (u_n * 31 + c_n * 17) % (2 * {completed} - 1)"


def fill(shape: Shape, tell: Callable[[str], None] = lambda _step: None) -> None:
    """Make the school on a site without courses; `tell` is given the name of each step."""
    beginning = clock.now().replace(microsecond=0) - AGE
    began = f"'{beginning:%Y-%m-%d %H:%M:%S}'"
    tell("courses")
    make_courses(shape, beginning)
    tell("learners")
    make_learners(shape)
    first_learner = User.objects.filter(role=Role.LEARNER).earliest("pk").pk
    share = SHARE.format(completed=shape.completed)
    enrolled = "k * 10000 + u_n % 1440"
    places = {
        "first_learner": first_learner,
        "first_course": Course.objects.earliest("pk").pk,
        "user_n": f"(u.id - {first_learner})",
        "course_n": (
            f"(((u.id - {first_learner}) * 7 + k * ({shape.courses} / "
            f"{shape.enrollments_per_learner})) % {shape.courses})"
        ),
        "per": shape.enrollments_per_learner,
        "share": share,
        "enrolled": later(began, enrolled),
        "last": later(began, f"{enrolled} + {MINUTES} * ({share})"),
        "at": later("e.enrolled_at", f"l.n * {MINUTES}"),
    }
    with connection.cursor() as cursor, in_bulk(cursor, "learning", tell):
        cursor.execute(
            "CREATE TEMPORARY TABLE bench_place"
            " (course_id bigint, n bigint, id bigint, PRIMARY KEY (course_id, n))"
        )
        cursor.execute(PLACES)
        for done in range(0, shape.learners, LEARNERS_AT_ONCE):
            tell(f"learning, {done:,} of {shape.learners:,} learners")
            low = first_learner + done
            high = low + min(LEARNERS_AT_ONCE, shape.learners - done) - 1
            with transaction.atomic():
                for statement in (ENROLLMENTS, COMPLETIONS, RECORD):
                    cursor.execute(statement.format(**places, low=low, high=high))
        cursor.execute("DROP TABLE bench_place")
    tell("statistics")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def in_bulk(cursor: CursorWrapper, app: str, tell: Callable[[str], None]) -> Iterator[None]:
    """Let SQLite make the indexes of the app's tables afterwards, in a third of the time.

    PostgreSQL is spared looking for the row that each foreign key names.
    """
    if connection.vendor == "postgresql":
        cursor.execute("SET session_replication_role = replica; SET work_mem = '256MB'")
        yield
        cursor.execute("RESET session_replication_role; RESET work_mem")
        return
    cursor.execute("PRAGMA cache_size = -262144")  # 256 MiB
    cursor.execute(SQLITES_INDEXES, [f"{app}_%"])
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    tell("indexes")
    for _name, definition in indexes:
        cursor.execute(definition)


def make_courses(shape: Shape, at: datetime) -> None:
    """Make courses published at that time with their lessons, and a teacher."""
    teacher = User.objects.create(
        email="teacher@bench.example", handle="teacher", name="Tea Cher", role=Role.INSTRUCTOR
    )
    dates = {"created_at": at, "updated_at": at}
    opened = {"status": Status.PUBLISHED, "published_at": at}
    courses = Course.objects.bulk_create(
        Course(
            slug=f"course-{n}",
            title=f"Course {n:04}: reading the water",
            summary="How to see where you stand, step by step, and to tell others what you saw.",
            description=BODY,
            description_html=render_plain_summary(BODY),
            outcomes=["Find the next step", "Explain a figure", "Measure with care"],
            **dates,
            **opened,
        )
        for n in range(1, shape.courses + 1)
    )
    Course.instructors.through.objects.bulk_create(
        Course.instructors.through(course=course, user=teacher) for course in courses
    )
    modules = Module.objects.bulk_create(
        Module(course=course, title=f"Part {n}: from the rim to the water", position=n)
        for course in courses
        for n in range(1, shape.modules + 1)
    )
    html = render_markdown(BODY).html
    places = (
        (module, n, place % shape.modules * shape.lessons_per_module + n)
        for place, module in enumerate(modules)
        for n in range(1, shape.lessons_per_module + 1)
    )
    _bulk(
        Lesson,
        (
            Lesson(
                course=module.course,
                module=module,
                slug=f"lesson-{number}",
                title=f"Lesson {number}: where the water stands",
                body=BODY,
                html=html,
                minutes=5 + number % 20,
                position=n,
                **dates,
                **({} if number % 10 == 0 else opened),
            )
            for module, n, number in places
        ),
    )


def make_learners(shape: Shape) -> None:
    """Make learners who can't sign in by password."""
    _bulk(
        User,
        (
            User(
                email=f"learner{n}@bench.example",
                handle=f"learner-{n}",
                name=f"Learner {n}",
                password="!",  # noqa: S106  one that nothing matches
            )
            for n in range(1, shape.learners + 1)
        ),
    )


def _bulk(model: type[models.Model], rows: Iterator[Any]) -> None:
    while batch := list(islice(rows, BATCH)):
        model._default_manager.bulk_create(batch)


def later(start: str, minutes: str) -> str:
    """Return SQL for the time `minutes` after `start`, in the words of the database in use."""
    if connection.vendor == "sqlite":
        return f"datetime({start}, ({minutes}) || ' minutes')"
    start = f"timestamptz {start[:-1]}+00'" if start.startswith("'") else start
    return f"{start} + ({minutes}) * interval '1 minute'"
