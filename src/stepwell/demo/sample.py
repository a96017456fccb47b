"""The sample course that an owner can begin with."""

from pathlib import Path

from stepwell.accounts.models import User
from stepwell.courses.access import OPERATOR
from stepwell.courses.models import Course
from stepwell.transfer.importing import import_course

COURSES = Path(__file__).parent / "courses"


def add_sample_course(*, instructor: User) -> Course:
    """Publish the sample course, taught by `instructor`; a second call changes nothing."""
    folder = COURSES / "git-without-fear"
    return import_course(folder, actor=OPERATOR, publish=True, instructor=instructor).course
