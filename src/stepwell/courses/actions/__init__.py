"""The verbs of courses: the only code that writes courses, outlines and attachments."""

from stepwell.courses.actions.attachment import remove_attachment, save_attachment
from stepwell.courses.actions.course import (
    archive_course,
    create_course,
    publish_course,
    restore_course,
    set_instructors,
    unpublish_course,
    update_course,
)
from stepwell.courses.actions.lesson import (
    archive_lesson,
    create_lesson,
    publish_lesson,
    restore_lesson,
    unpublish_lesson,
    update_lesson,
)
from stepwell.courses.actions.module import (
    archive_module,
    create_module,
    restore_module,
    update_module,
)
from stepwell.courses.actions.outline import arrange_outline
from stepwell.courses.actions.page import create_page, remove_page, update_page

__all__ = [
    "archive_course",
    "archive_lesson",
    "archive_module",
    "arrange_outline",
    "create_course",
    "create_lesson",
    "create_module",
    "create_page",
    "publish_course",
    "publish_lesson",
    "remove_attachment",
    "remove_page",
    "restore_course",
    "restore_lesson",
    "restore_module",
    "save_attachment",
    "set_instructors",
    "unpublish_course",
    "unpublish_lesson",
    "update_course",
    "update_lesson",
    "update_module",
    "update_page",
]
