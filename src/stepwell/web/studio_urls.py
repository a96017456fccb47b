"""Every address of the studio."""

from django.urls import path

from stepwell.web.views import badges
from stepwell.web.views.studio import (
    archive,
    attachments,
    course,
    learners,
    lesson,
    lesson_list,
    module,
    outline,
    people,
    preview,
    transfers,
)

COURSE = "courses/<word:slug>/"
MODULE = f"{COURSE}modules/<word:key>/"
LESSON = f"{COURSE}lessons/<word:key>/"

urlpatterns = [
    path("", course.course_list, name="studio"),
    path("archive/", archive.archived_courses, name="studio-archived-courses"),
    path("archive/<word:key>/restoration/", archive.restoration, name="studio-course-restoration"),
    path("import/", transfers.new_import, name="studio-import"),
    path("transfers/<word:key>/", transfers.transfer_detail, name="studio-transfer"),
    path(
        "transfers/<word:key>/confirmation/",
        transfers.confirmation,
        name="studio-transfer-confirmation",
    ),
    path(
        "transfers/<word:key>/cancellation/",
        transfers.cancellation,
        name="studio-transfer-cancellation",
    ),
    path("transfers/<word:key>/course.zip", transfers.download, name="studio-transfer-download"),
    path("badges/", badges.badge_list, name="studio-badges"),
    path("badges/<int:badge_id>/offer/", badges.badge_offer, name="studio-badge-offer"),
    path(COURSE, outline.outline, name="studio-outline"),
    path(f"{COURSE}details/", course.details, name="studio-details"),
    path(f"{COURSE}status/", course.status, name="studio-course-status"),
    path(f"{COURSE}copies/", course.copies, name="studio-course-copies"),
    path(f"{COURSE}archiving/", course.archiving, name="studio-course-archiving"),
    path(f"{COURSE}archive/", archive.archived_parts, name="studio-archive"),
    path(f"{COURSE}cover/", course.cover, name="studio-cover"),
    path(f"{COURSE}attachments/", attachments.attachment_list, name="studio-attachments"),
    path(
        f"{COURSE}attachments/<int:attachment_id>/removal/",
        attachments.removal,
        name="studio-attachment-removal",
    ),
    path(f"{COURSE}transfer/", transfers.course_transfers, name="studio-course-transfers"),
    path(f"{COURSE}preview/", preview.course_preview, name="studio-preview"),
    path(f"{COURSE}learners/", learners.learner_list, name="studio-learners"),
    path(f"{COURSE}learners/<word:handle>/removal/", people.removal, name="studio-learner-removal"),
    path(f"{COURSE}people/", people.people, name="studio-people"),
    path(
        f"{COURSE}people/<int:pending_id>/withdrawal/",
        people.withdrawal,
        name="studio-pending-withdrawal",
    ),
    path(f"{COURSE}learners.csv", learners.learner_csv, name="studio-learners-csv"),
    path(f"{COURSE}lessons/", learners.drop_off, name="studio-drop-off"),
    path(f"{COURSE}modules/", module.creation, name="studio-modules"),
    path(f"{MODULE}title/", module.title, name="studio-module-title"),
    path(f"{MODULE}move/", module.move, name="studio-module-move"),
    path(f"{MODULE}publication/", module.publication, name="studio-module-publication"),
    path(f"{MODULE}archiving/", module.archiving, name="studio-module-archiving"),
    path(f"{MODULE}restoration/", module.restoration, name="studio-module-restoration"),
    path(f"{MODULE}lessons/", lesson_list.creation, name="studio-module-lessons"),
    path(f"{LESSON}title/", lesson_list.title, name="studio-lesson-title"),
    path(f"{LESSON}status/", lesson_list.status, name="studio-lesson-status"),
    path(f"{LESSON}move/", lesson_list.move, name="studio-lesson-move"),
    path(f"{LESSON}archiving/", lesson_list.archiving, name="studio-lesson-archiving"),
    path(f"{LESSON}restoration/", lesson_list.restoration, name="studio-lesson-restoration"),
    path(LESSON, lesson.editor, name="studio-lesson"),
    path(f"{LESSON}text/", lesson.text, name="studio-lesson-text"),
    path(f"{LESSON}draft/", lesson.draft, name="studio-lesson-draft"),
    path(f"{LESSON}settings/", lesson.settings, name="studio-lesson-settings"),
    path(f"{LESSON}history/", lesson.history, name="studio-lesson-history"),
    path(f"{LESSON}history/<int:version_id>/", lesson.version, name="studio-lesson-version"),
    path(f"{LESSON}preview/", preview.lesson_preview, name="studio-lesson-preview"),
    path(
        f"{LESSON}preview/pages/<word:page_slug>/",
        preview.lesson_preview,
        name="studio-page-preview",
    ),
]
