"""The verbs of learning: the only code that writes enrollments, completions and the record."""

from stepwell.learning.actions.completion import (
    complete_lesson,
    reopen_lesson,
    toggle_lesson_complete,
)
from stepwell.learning.actions.enrollment import (
    enroll_in_course,
    start_course_over,
    unenroll_from_course,
)
from stepwell.learning.actions.figures import count_progress
from stepwell.learning.actions.finish import record_finishes
from stepwell.learning.actions.pending import (
    enroll_pending,
    forget_pending_enrollment,
    send_pending_again,
)
from stepwell.learning.actions.people import (
    Outcome,
    Result,
    enroll_by_email,
    remove_learner,
)
from stepwell.learning.actions.video import remember_video_position

__all__ = [
    "Outcome",
    "Result",
    "complete_lesson",
    "count_progress",
    "enroll_by_email",
    "enroll_in_course",
    "enroll_pending",
    "forget_pending_enrollment",
    "record_finishes",
    "remember_video_position",
    "remove_learner",
    "reopen_lesson",
    "send_pending_again",
    "start_course_over",
    "toggle_lesson_complete",
    "unenroll_from_course",
]
