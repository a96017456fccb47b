"""The verbs of courses: the only code that writes courses, outlines and attachments."""

from stepwell.courses.actions.attachment import (
    StoredFile,
    attach_file,
    remove_attachment,
    remove_stray_files,
    save_attachment,
    show_anew,
    store_file,
)
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
    NewLesson,
    archive_lesson,
    create_lesson,
    create_lessons,
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
    "NewLesson",
    "StoredFile",
    "archive_course",
    "archive_lesson",
    "archive_module",
    "arrange_outline",
    "attach_file",
    "create_course",
    "create_lesson",
    "create_lessons",
    "create_module",
    "create_page",
    "publish_course",
    "publish_lesson",
    "remove_attachment",
    "remove_page",
    "remove_stray_files",
    "restore_course",
    "restore_lesson",
    "restore_module",
    "save_attachment",
    "set_instructors",
    "show_anew",
    "store_file",
    "unpublish_course",
    "unpublish_lesson",
    "update_course",
    "update_lesson",
    "update_module",
    "update_page",
]
