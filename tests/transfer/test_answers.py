"""What the plan of a zip file asks, and what the answers do."""

import pytest

from stepwell.accounts.models import Role, User
from stepwell.courses.actions import set_instructors, update_lesson
from stepwell.courses.models import Course, Lesson
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import LessonProgress, Origin
from stepwell.transfer.errors import AnswerMissing
from stepwell.transfer.models import Transfer
from stepwell.transfer.transfers import (
    answer_import,
    confirm_import,
    forget_answers,
    run_transfer,
)
from tests.factories import enroll, make_course, make_instructor, make_user
from tests.transfer.folders import Files
from tests.transfer.imports import FILES, KNITTING, OWN, PYTHON
from tests.transfer.sent import done, planned

pytestmark = pytest.mark.django_db

State = Transfer.State
# As many lessons as one may leave without a question.
FOUR: Files = {**OWN, **{f"01-a/0{n}-v.md": f"---\ntitle: V{n}\n---\n" for n in (3, 4)}}


@pytest.fixture
def ines() -> User:
    return make_instructor("Ines")


def answered(transfer: Transfer, **answers: str) -> Transfer:
    """Answer by a question's place: `course`, `lesson_0`, …"""
    names = [each["name"] for each in transfer.report["questions"]]
    words = {names[int(key[-1])] if key != "course" else key: a for key, a in answers.items()}
    answer_import(transfer=transfer, answers=words)
    run_transfer(transfer.key)
    transfer.refresh_from_db()
    return transfer


def titles(course: Course) -> list[str]:
    lessons = Lesson.objects.active().filter(course=course).in_outline_order()
    return list(lessons.values_list("title", flat=True))


def test_two_zips_with_folders_of_one_name_are_two_courses(ines: User) -> None:
    done(planned(ines, KNITTING))

    transfer = done(planned(ines, PYTHON))

    assert transfer.state == State.DONE
    assert {course.title: titles(course) for course in Course.objects.all()} == {
        "Knitting": ["Wool", "Needles"],
        "Python": ["Hello", "Variables", "Loops"],
    }


def test_zip_without_keys_that_may_be_a_course_asks_and_chooses_nothing(ines: User) -> None:
    done(planned(ines, FILES))
    course = Course.objects.get()

    transfer = planned(ines, FILES)

    (question,) = transfer.report["questions"]
    assert [(each["key"], each["effect"]) for each in question["courses"]] == [(course.key, "")]
    with pytest.raises(AnswerMissing):
        confirm_import(transfer=transfer, publish=False)
    for word in ("", "unknown"):
        with pytest.raises(AnswerMissing):
            answer_import(transfer=transfer, answers={"course": word})
    transfer = answered(transfer, course=course.key)
    assert (transfer.report["questions"], transfer.report["is_unchanged"]) == ([], True)
    assert done(transfer).course == course
    assert Course.objects.count() == 1


def test_zip_without_keys_becomes_a_new_course_if_wanted(ines: User) -> None:
    first = done(planned(ines, FILES)).course

    transfer = answered(planned(ines, FILES), course="new")

    assert transfer.report["is_new"] is True
    assert done(transfer).course != first


def test_answers_can_be_given_again(ines: User) -> None:
    done(planned(ines, FILES))
    transfer = answered(planned(ines, FILES), course="new")

    forget_answers(transfer=transfer)
    run_transfer(transfer.key)

    transfer.refresh_from_db()
    assert len(transfer.report["questions"]) == 1


def test_zip_sent_to_a_course_that_it_would_replace_asks_with_numbers(ines: User) -> None:
    course = done(planned(ines, KNITTING), publish=True).course
    assert course is not None
    user = enroll(course).user
    complete_lesson(user=user, lesson=Lesson.objects.get(title="Needles"), origin=Origin.WEB)

    transfer = planned(ines, PYTHON, course)

    sentence = "This would rename “Knitting” to “Python”"
    assert transfer.report["questions"][0]["sentence"].startswith(sentence)
    transfer = answered(transfer, course="new")
    assert done(transfer).course != course
    assert titles(course) == ["Wool", "Needles"]


def test_zip_sent_to_its_course_updates_it_without_a_question(ines: User) -> None:
    course = done(planned(ines, FILES)).course
    water = {"1-start/2-water/README.md": "# Water\n\nWetter."}

    transfer = planned(ines, {**FILES, **water}, course)

    assert (transfer.report["questions"], transfer.report["is_new"]) == ([], False)
    assert done(transfer).course == course
    assert Lesson.objects.get(title="Water").body == "Wetter."


def test_zip_with_the_keys_of_another_course_than_it_was_sent_to_asks(ines: User) -> None:
    keyed = done(planned(ines, OWN)).course
    other = make_course([1])
    set_instructors(course=other, instructors=[ines])
    assert keyed is not None

    transfer = planned(ines, OWN, other)

    (question,) = transfer.report["questions"]
    assert question["sentence"] == "The keys in this folder are those of “Bread”."
    assert [each["key"] for each in question["courses"]] == [keyed.key, other.key]
    effects = [each["effect"] for each in question["courses"]]
    assert effects == ["", "This would rename “Course” to “Bread”."]


def test_completed_lesson_of_another_title_is_asked_about(ines: User) -> None:
    course = done(planned(ines, FOUR), publish=True).course
    assert course is not None
    user = enroll(course).user
    complete_lesson(user=user, lesson=Lesson.objects.get(title="Y"), origin=Origin.WEB)
    files = {**FOUR, "01-a/02-y.md": "---\ntitle: Z\n---\n"}

    transfer = planned(ines, files)

    (question,) = transfer.report["questions"]
    assert question["sentence"] == "01-a/02-y.md: “Y” becomes “Z”; 1 person completed it."
    assert done(answered(transfer, lesson_0="other")).state == State.DONE
    assert LessonProgress.objects.get().lesson.title == "Y"


def test_course_that_changed_since_the_plan_is_planned_again(ines: User) -> None:
    course = done(planned(ines, FILES)).course
    transfer = planned(ines, {**FILES, "1-start/2-water/README.md": "# Water\n\nNew."}, course)
    update_lesson(lesson=Lesson.objects.get(title="Water"), body="Written meanwhile.")

    transfer = done(transfer, publish=True)

    assert (transfer.state, transfer.report["has_changed"]) == (State.PLANNED, True)
    assert Lesson.objects.get(title="Water").body == "Written meanwhile."
    assert done(transfer).state == State.DONE
    assert Lesson.objects.get(title="Water").body == "New."


def test_lesson_completed_since_the_plan_is_asked_about(ines: User) -> None:
    course = done(planned(ines, FOUR), publish=True).course
    assert course is not None
    transfer = planned(ines, {**FOUR, "01-a/02-y.md": "---\ntitle: Z\n---\n"})
    assert transfer.report["questions"] == []
    complete_lesson(
        user=enroll(course).user, lesson=Lesson.objects.get(title="Y"), origin=Origin.WEB
    )

    transfer = done(transfer)

    assert transfer.state == State.PLANNED
    assert len(transfer.report["questions"]) == 1
    assert Lesson.objects.get(key="dddddddddddd").title == "Y"


def test_new_course_is_asked_about_where_one_came_up_since(ines: User) -> None:
    one, two = planned(ines, FILES), planned(ines, FILES)
    done(one)

    two = done(two)

    assert two.state == State.PLANNED
    assert len(two.report["questions"]) == 1
    assert Course.objects.count() == 1


def test_owner_who_updates_a_course_does_not_join_its_instructors() -> None:
    otto = make_instructor("Otto")
    done(planned(otto, OWN))
    text = "---\nkey: cccccccccccc\ntitle: X\nslug: one\n---\n\nNew.\n"

    done(planned(make_user("Olga", role=Role.OWNER), {**OWN, "01-a/01-x.md": text}))

    assert Lesson.objects.get(title="X").body == "New."
    assert list(Course.objects.get().instructors.all()) == [otto]
