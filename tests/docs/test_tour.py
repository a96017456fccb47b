"""The tour in CONTRIBUTING.md names the statements that a completion really sends."""

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import Origin
from tests.factories import enroll, lessons_of, make_course, make_user

TOUR = Path(__file__).parents[2] / "CONTRIBUTING.md"
STATEMENT = re.compile(
    r'(?:(SELECT)\b.*?\bFROM|(INSERT) INTO|(UPDATE)) "?(\w+)"?'
    r"|(BEGIN|COMMIT|RELEASE SAVEPOINT|SAVEPOINT)",
    re.DOTALL,
)


def named(sql: str) -> str:
    """Return a statement's verb and its first table."""
    sql = sql.lstrip("(")  # PostgreSQL has each part of a union in parentheses
    while (outer := re.sub(r"\([^()]*\)", "", sql)) != sql:  # leave subqueries out
        sql = outer
    found = STATEMENT.search(sql)
    assert found, sql
    return " ".join(part for part in found.groups() if part)


@pytest.mark.django_db(transaction=True)
def test_tour_names_the_statements_of_a_completion() -> None:
    user, course = make_user(), make_course([3])
    enroll(course, user)
    first, second, _third = lessons_of(course)
    complete_lesson(user=user, lesson=first, origin=Origin.WEB)  # which also earns the first badge

    with CaptureQueriesContext(
        connection,
    ) as captured:
        complete_lesson(user=user, lesson=second, origin=Origin.WEB)

    block = TOUR.read_text().split("```sql")[1].split("```")[0].strip()
    told = [line.split("--")[0].strip() for line in block.splitlines()]
    sent = [named(query["sql"]) for query in captured]
    assert sent == [line.removesuffix(" IMMEDIATE") for line in told]
