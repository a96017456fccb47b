"""Page-shaped reads of learning: one learner's progress, and the learners of a course."""

from stepwell.learning.queries.progress import (
    Attempt,
    CourseState,
    EnrolledCourse,
    Progress,
    get_catalog_states,
    get_completed_lesson_ids,
    get_completed_lessons,
    get_course_state,
    get_earlier_attempts,
    get_enrolled_course,
    get_enrolled_courses_with_progress,
    get_enrollment,
    get_kept_progress,
    get_next_incomplete_lesson,
    get_state_of,
)

__all__ = [
    "Attempt",
    "CourseState",
    "EnrolledCourse",
    "Progress",
    "get_catalog_states",
    "get_completed_lesson_ids",
    "get_completed_lessons",
    "get_course_state",
    "get_earlier_attempts",
    "get_enrolled_course",
    "get_enrolled_courses_with_progress",
    "get_enrollment",
    "get_kept_progress",
    "get_next_incomplete_lesson",
    "get_state_of",
]
