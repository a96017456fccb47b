"""Every address that answers with HTML, plus files and health; the studio's are in studio_urls."""

from django.urls import include, path, register_converter
from django.views.i18n import set_language

from stepwell.web.converters import NameConverter, WordConverter
from stepwell.web.views import (
    account,
    catalog,
    community,
    covers,
    files,
    health,
    learn,
    offline,
    video,
)
from stepwell.web.views.studio import school
from stepwell.web.ways_back import require_POST

register_converter(WordConverter, "word")
register_converter(NameConverter, "name")

urlpatterns = [
    path("", catalog.home, name="home"),
    path("welcome/", account.first_run, name="first-run"),
    path("welcome/first-steps/", account.first_steps, name="first-steps"),
    path("courses/", catalog.course_list, name="catalog"),
    path("courses/<word:slug>/", catalog.course_detail, name="course"),
    path("courses/<word:slug>/enrollment/", learn.enrollment, name="course-enrollment"),
    path("courses/<word:slug>/start-over/", learn.start_over, name="course-start-over"),
    path("courses/<word:slug>/lessons/<word:lesson_slug>/", learn.lesson, name="lesson"),
    path(
        "courses/<word:slug>/lessons/<word:lesson_slug>/completion/",
        learn.completion,
        name="lesson-completion",
    ),
    path(
        "courses/<word:slug>/lessons/<word:lesson_slug>/pages/<word:page_slug>/",
        learn.lesson_page,
        name="lesson-page",
    ),
    path("lessons/<word:key>/", learn.lesson_permalink, name="lesson-permalink"),
    path("pages/<word:key>/", learn.page_permalink, name="page-permalink"),
    path("learn/", learn.my_learning, name="my-learning"),
    path("studio/", include("stepwell.web.studio_urls")),
    path("members/<word:handle>/", community.member, name="member"),
    path("members/<word:handle>/points/", community.member_points, name="member-points"),
    path("leaderboard/", community.leaderboard, name="leaderboard"),
    path("leaderboard/listing/", community.listing, name="leaderboard-listing"),
    path("learn/goal/", community.goal, name="weekly-goal"),
    path("accounts/settings/", account.account_settings, name="account-settings"),
    path("learn/keys/", account.lesson_keys, name="lesson-keys"),
    path("accounts/tokens/", account.token_list, name="api-tokens"),
    path("accounts/tokens/<int:token_id>/", account.token_revocation, name="api-token-revocation"),
    path("language/", require_POST(set_language), name="language"),
    path("lessons/<word:key>/video-position/", video.position, name="video-position"),
    path("covers/<word:course_key>/<word:name>/<int:width>.webp", covers.cover, name="cover"),
    path("school/logo/<word:name>.png", school.logo_file, name="school-logo"),
    path("school/<word:stamp>.css", school.colors, name="school-colors"),
    path("files/<word:course_key>/<name:name>", files.attachment, name="attachment"),
    path("service-worker.js", offline.worker, name="service-worker"),
    path("offline/", offline.offline, name="offline"),
    path("offline/unsent/", offline.unsent, name="offline-unsent"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("favicon.ico", files.favicon, name="favicon"),
]
