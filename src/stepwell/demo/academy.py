"""The demo academy: courses and people, made through the actions that everyone uses."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from stepwell.accounts.actions import create_user, update_profile
from stepwell.accounts.models import Role, User
from stepwell.core import clock
from stepwell.courses.access import OPERATOR
from stepwell.courses.actions import set_instructors
from stepwell.courses.models import Course
from stepwell.courses.outlines import get_outline
from stepwell.demo.people import INSTRUCTORS, PEOPLE, DemoEnrollment, DemoPerson
from stepwell.demo.sample import COURSES
from stepwell.gamification.actions import pop_celebrations
from stepwell.learning.actions import complete_lesson, enroll_in_course, unenroll_from_course
from stepwell.learning.models import Origin
from stepwell.transfer.importing import import_course

PASSWORD = "stepwell-demo"  # noqa: S105  printed by `serve --demo`: it opens nothing else


def load_academy(progress: Callable[[int, int], None] = lambda _done, _all: None) -> bool:
    """Fill an empty site with the demo academy, wholly or not at all.

    Returns False, changing nothing, where anyone has an account already.
    """
    if User.objects.exists():
        return False
    folders = sorted(path.parent for path in COURSES.glob("*/course.md"))
    steps = len(folders) + len(PEOPLE)
    with transaction.atomic():
        published = clock.now() - timedelta(days=90)
        with clock.at(published):
            people = {person.email: _create(person) for person in PEOPLE}
            for done, folder in enumerate(folders, 1):
                course = import_course(folder, actor=OPERATOR, publish=True).course
                set_instructors(course=course, instructors=[people[INSTRUCTORS[course.slug]]])
                progress(done, steps)
        courses = {course.slug: course for course in Course.objects.all()}
        for done, person in enumerate(PEOPLE, len(folders) + 1):
            for enrollment in person.courses:
                _learn(people[person.email], courses[enrollment.course_slug], enrollment)
            progress(done, steps)
    for user in people.values():
        pop_celebrations(user=user)  # so that nobody is congratulated on the past at sign-in
    return True


def demo_accounts() -> list[DemoPerson]:
    """Return whom a visitor can sign in as: everyone who runs the site, and the first learner."""
    learners = [person for person in PEOPLE if person.role == Role.LEARNER.value]
    return [person for person in PEOPLE if person not in learners[1:]]


def _create(person: DemoPerson) -> User:
    password = PASSWORD if person in demo_accounts() else None
    user = create_user(
        email=person.email, name=person.name, password=password, role=Role(person.role)
    )
    return update_profile(user=user, name=person.name, time_zone=person.time_zone)


def _learn(user: User, course: Course, enrollment: DemoEnrollment) -> None:
    """Walk through the course as the person did, each step on its own day."""
    start = clock.now() - timedelta(days=enrollment.days_ago_started)
    lessons = {lesson.pk: lesson for lesson in course.lessons.select_related("course")}
    outline = get_outline(course).lessons
    wanted = outline if enrollment.completed is None else outline[: enrollment.completed]
    with clock.at(start):
        enroll_in_course(user=user, course=course, origin=Origin.DEMO)
    last = start
    for number, item in enumerate(wanted, 1):
        last = _day(start, number * enrollment.days_per_lesson)
        with clock.at(last):
            complete_lesson(user=user, lesson=lessons[item.id], origin=Origin.DEMO)
    for number, item in enumerate(outline[len(wanted) :][: enrollment.this_week], 1):
        last = _moment_of_this_week(last, number, enrollment.this_week)
        with clock.at(last):
            complete_lesson(user=user, lesson=lessons[item.id], origin=Origin.DEMO)
    if enrollment.unenrolled:
        with clock.at(_day(last, 1)):
            unenroll_from_course(user=user, course=course, origin=Origin.DEMO)


def _moment_of_this_week(last: datetime, number: int, count: int) -> datetime:
    """Return when a learner completed the lesson `number` of `count` lessons of this week.

    The last one is of today, so that no leaderboard is empty, whatever day the demo begins on.
    """
    now = timezone.localtime(clock.now(), timezone.get_default_timezone())
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight - timedelta(days=now.weekday())
    begin = midnight if number == count else max(monday, midnight.replace(day=1))
    begin = max(begin, last)
    return begin + (now - begin) * number / (count + 1)


def _day(start: datetime, days: float) -> datetime:
    return min(start + timedelta(days=days), clock.now())
