"""Fill an empty site with learners and their ledger of points.

Written by the database itself, a statement a table. All follows from ids and from `NOW`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.generate import in_bulk, later, make_courses, make_learners
from benchmarks.shapes import Shape
from stepwell.accounts.models import Role, User
from stepwell.courses.models import Lesson
from stepwell.gamification.models import Participation, Period
from stepwell.gamification.rules import Rule, points_for

# The evening of a Sunday at the end of a month: no week and no month is ever much fuller.
NOW = datetime(2026, 11, 29, 21, tzinfo=UTC)
MINUTES = 2 * 365 * 24 * 60  # from the first entry to the last
RANKS = 1_000  # of learners by how much they do, each as frequent as the others
HIDDEN_EVERY = 50
SUSPENDED_EVERY = 500

# Rows go in as they do in life, by time: those of one learner lie far from each other.
# Of two times that look like chance the later one holds, which makes a school that grows steadily.
ENTRIES = """
    INSERT INTO gamification_pointentry
        (user_id, rule, subject, points, at, day, zone, skipped, course_id, reason)
    SELECT user_id, rule,
           CASE rule WHEN 'lesson' THEN lesson WHEN 'module' THEN module
                     WHEN 'course' THEN course ELSE {last_day} - j END,
           CASE rule {points} END,
           {at}, date({at}), '', 0, CASE rule WHEN 'streak' THEN NULL ELSE course END, ''
    FROM (SELECT u.id AS user_id, t.j, l.id AS lesson, l.module_id AS module, l.course_id AS course,
                 CASE WHEN t.j % 50 = 49 THEN 'course' WHEN t.j % 10 = 8 THEN 'module'
                      WHEN t.j % 10 = 9 THEN 'streak' ELSE 'lesson' END AS rule,
                 (u.n * 2000 + t.j + 1) * 2654435761 % {minutes} AS one,
                 (u.n * 2000 + t.j + 1) * 1597334677 % {minutes} AS other
          FROM (SELECT id, id - {first} AS n FROM accounts_user WHERE role = 'learner') u
          JOIN bench_turn t ON t.place = u.n * 7919 % {ranks}
          JOIN bench_lesson l ON l.n = (u.n * 37 + t.j) % {lessons}) given
    ORDER BY {at}
"""


@dataclass(frozen=True)
class LedgerShape:
    """How many learners and entries of the ledger, and how many courses these are about."""

    learners: int = 1_000_000
    entries: int = 10_000_000
    courses: int = 50

    @property
    def turns(self) -> list[int]:
        """How many entries learners of each rank have, by Zipf's law, and as a whole `entries`.

        A learner has no more than three quarters of the published lessons, for none can be given
        twice: 13 times as many entries as learners are about the most that 50 courses hold.
        """
        whole = self.entries * RANKS // self.learners
        weight = sum(1 / place for place in range(1, RANKS + 1))
        ends = [0.0]
        for place in range(1, RANKS + 1):
            ends.append(ends[-1] + whole / weight / place)
        most = self.school.lessons * self.courses * 9 // 10 * 3 // 4
        return [min(round(end) - round(start), most) for start, end in pairwise(ends)]

    @property
    def school(self) -> Shape:
        """The school as `benchmarks.generate` makes one."""
        return Shape(
            courses=self.courses, learners=self.learners, enrollments_per_learner=0, completed=0
        )


def fill(shape: LedgerShape, tell: Callable[[str], None] = lambda _step: None) -> None:
    """Make the school on a site without courses; `tell` is given the name of each step."""
    tell("courses")
    make_courses(shape.school, NOW - timedelta(minutes=MINUTES))
    tell("learners")
    with transaction.atomic():
        make_learners(shape.school)
    first = User.objects.filter(role=Role.LEARNER).earliest("pk").pk
    hidden = range(first, first + shape.learners, HIDDEN_EVERY)
    Participation.objects.bulk_create(
        [Participation(user_id=user, is_listed=False) for user in hidden], batch_size=1_000
    )
    suspended = range(first + 1, first + shape.learners, SUSPENDED_EVERY)
    for start in range(0, len(suspended), 500):
        User.objects.filter(pk__in=suspended[start : start + 500]).update(is_active=False)
    with connection.cursor() as cursor, in_bulk(cursor, "gamification", tell):
        tell("the ledger")
        with transaction.atomic():
            cursor.execute(_entries(shape, first))
    tell("statistics")
    with connection.cursor() as cursor:
        # PostgreSQL does this by itself after so many new rows, unless that is turned off.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def since(period: Period) -> datetime:
    """Return when the period that `NOW` is in began where the site is."""
    zone = timezone.get_default_timezone()
    return datetime.combine(period.start(NOW.astimezone(zone).date()), time.min, zone)


def _entries(shape: LedgerShape, first: int) -> str:
    """Return the statement for the ledger, for which it makes two tables of this connection."""
    lessons = Lesson.objects.filter(published_at__isnull=False).order_by("course", "pk")
    found = list(lessons.values_list("pk", "module", "course"))
    turns = [(place, turn) for place, most in enumerate(shape.turns) for turn in range(most)]
    with connection.cursor() as cursor:
        for table in ("bench_turn", "bench_lesson"):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(
            "CREATE TEMPORARY TABLE bench_turn (place bigint, j bigint, PRIMARY KEY (place, j))"
        )
        cursor.execute(
            "CREATE TEMPORARY TABLE bench_lesson"
            " (n bigint PRIMARY KEY, id bigint, module_id bigint, course_id bigint)"
        )
        cursor.executemany("INSERT INTO bench_turn VALUES (%s, %s)", turns)
        cursor.executemany(
            "INSERT INTO bench_lesson VALUES (%s, %s, %s, %s)",
            [(number, *lesson) for number, lesson in enumerate(found)],
        )
    age = "CASE WHEN one < other THEN one ELSE other END"
    given = [rule for rule in Rule if rule != Rule.CORRECTION]
    return ENTRIES.format(
        at=later(f"'{NOW:%Y-%m-%d %H:%M:%S}'", f"-({age})"),
        points=" ".join(f"WHEN '{rule}' THEN {points_for(rule)}" for rule in given),
        last_day=NOW.toordinal(),
        minutes=MINUTES,
        ranks=RANKS,
        first=first,
        lessons=len(found),
    )
