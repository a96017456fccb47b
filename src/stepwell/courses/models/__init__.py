"""Courses, their outline, and the files that belong to them."""

from stepwell.courses.models.attachment import Attachment
from stepwell.courses.models.course import (
    COVER_WIDTHS,
    Course,
    CourseQuerySet,
    Status,
    cover_path,
)
from stepwell.courses.models.history import FormerAddress, LessonVersion
from stepwell.courses.models.outline import OUTLINE_ORDER, Lesson, LessonQuerySet, Module, Page

__all__ = [
    "COVER_WIDTHS",
    "OUTLINE_ORDER",
    "Attachment",
    "Course",
    "CourseQuerySet",
    "FormerAddress",
    "Lesson",
    "LessonQuerySet",
    "LessonVersion",
    "Module",
    "Page",
    "Status",
    "cover_path",
]
