"""The verbs of courses: the only code that writes courses, outlines and attachments."""

from stepwell.courses.actions.address import is_course_address_taken
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
from stepwell.courses.actions.cover import remove_cover, set_cover
from stepwell.courses.actions.duplicate import duplicate_course, duplicate_lesson
from stepwell.courses.actions.lesson import (
    NewLesson,
    archive_lesson,
    create_lesson,
    create_lessons,
    publish_lesson,
    publish_lessons,
    restore_lesson,
    restore_version,
    unpublish_lesson,
    update_lesson,
)
from stepwell.courses.actions.module import (
    archive_module,
    create_module,
    restore_module,
    update_module,
)
from stepwell.courses.actions.outline import (
    arrange_outline,
    move_lesson,
    move_module,
    touch_outline,
)
from stepwell.courses.actions.page import create_page, remove_page, update_page
from stepwell.courses.actions.upload import upload_attachment
from stepwell.courses.actions.video import set_video

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
    "duplicate_course",
    "duplicate_lesson",
    "is_course_address_taken",
    "move_lesson",
    "move_module",
    "publish_course",
    "publish_lesson",
    "publish_lessons",
    "remove_attachment",
    "remove_cover",
    "remove_page",
    "remove_stray_files",
    "restore_course",
    "restore_lesson",
    "restore_module",
    "restore_version",
    "save_attachment",
    "set_cover",
    "set_instructors",
    "set_video",
    "show_anew",
    "store_file",
    "touch_outline",
    "unpublish_course",
    "unpublish_lesson",
    "update_course",
    "update_lesson",
    "update_module",
    "update_page",
    "upload_attachment",
]
