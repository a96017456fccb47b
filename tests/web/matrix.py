"""What every address of the site answers to every kind of person."""

from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client

from stepwell.accounts.actions import create_api_token
from stepwell.accounts.models import Invitation, Role, User
from stepwell.courses.actions import (
    archive_course,
    create_page,
    publish_course,
    save_attachment,
    set_instructors,
    unpublish_course,
    unpublish_lesson,
    update_lesson,
)
from stepwell.gamification.models import Badge
from stepwell.learning.actions import enroll_by_email, enroll_in_course, unenroll_from_course
from stepwell.learning.models import Origin
from stepwell.transfer.transfers import start_export
from tests.factories import lessons_of, make_course, make_user

ROLES = ("stranger", "learner", "member", "former", "instructor", "owner")

LOGIN = "302 /accounts/login/"
COURSE = "302 /courses/open/"
OPEN = (200,) * 6
ABSENT = (404,) * 6
SIGNED_IN = (LOGIN, 200, 200, 200, 200, 200)


@dataclass(frozen=True)
class Case:
    """A request, and what it answers to each role: a status, or "302 " and where it leads."""

    method: str
    path: str
    answers: tuple[int | str, ...]
    route: str
    body: dict[str, str] | None = None


def page(path: str, answers: tuple[int | str, ...], route: str) -> Case:
    return Case("get", path, answers, route)


def post(path: str, answers: tuple[int | str, ...], route: str, **body: str) -> Case:
    return Case("post", path, answers, route, body)


HOME = (200, *("302 /learn/",) * 5)
LESSON = "courses/<word:slug>/lessons/<word:lesson_slug>/"
SUB_PAGE = f"{LESSON}pages/<word:page_slug>/"
COMPLETION = f"{LESSON}completion/"
ENROLLMENT = "courses/<word:slug>/enrollment/"
START_OVER = "courses/<word:slug>/start-over/"
FILE = "files/<word:course_key>/<name:name>"
# Members are let in, everyone else is led to the course page.
MEMBERS = (COURSE, COURSE, 200, COURSE, COURSE, COURSE)
# Of its learners a course tells only those who teach it, in whatever state it is.
TEACHERS = (404, 404, 404, 200, 200)
OWNERS = (LOGIN, 404, 404, 404, 404, 200)
OWN_PROFILE = "302 /members/"
STUDIO_COURSE = "studio/courses/<word:slug>/"
STUDIO_MODULE = f"{STUDIO_COURSE}modules/<word:key>/"
STUDIO_LESSON = f"{STUDIO_COURSE}lessons/<word:key>/"
OUTLINE = "302 /studio/courses/open/"
# What only those who teach the course may do, with where it leads them.
WRITERS = (LOGIN, 404, 404, 404, OUTLINE, OUTLINE)
# A closed course tells its members so; to everyone else it does not exist.
CLOSED = (404, 404, "302 /learn/", 404, 404, 404)
# A lesson that was published and is hidden now.
GONE = (404, 404, 410, 404, 404, 404)

PAGES = [
    page("/", HOME, ""),
    page("/welcome/", ("302 /",) * 6, "welcome/"),
    page("/welcome/first-steps/", (LOGIN, 404, 404, 404, 404, "302 /courses/"), "welcome/first-steps/"),
    page("/courses/", OPEN, "courses/"),
    page("/courses/open/", OPEN, "courses/<word:slug>/"),
    page("/courses/draft/", ABSENT, "courses/<word:slug>/"),
    page("/courses/archived/", CLOSED, "courses/<word:slug>/"),
    page("/courses/closed/", CLOSED, "courses/<word:slug>/"),
    page("/courses/nowhere/", ABSENT, "courses/<word:slug>/"),
    page("/courses/open/lessons/lesson-11/", MEMBERS, LESSON),
    page("/courses/open/lessons/lesson-12/", GONE, LESSON),  # a hidden lesson
    page("/courses/draft/lessons/lesson-11/", ABSENT, LESSON),
    page("/courses/closed/lessons/lesson-11/", CLOSED, LESSON),
    page("/courses/archived/lessons/lesson-11/", CLOSED, LESSON),
    page("/courses/open/lessons/lesson-11/pages/task/", MEMBERS, SUB_PAGE),
    page("/courses/draft/lessons/lesson-11/pages/task/", ABSENT, SUB_PAGE),
    page("/files/{open.key}/a.txt", (404, 404, 200, 404, 200, 200), FILE),
    page("/files/{draft.key}/a.txt", (404, 404, 404, 404, 200, 200), FILE),
    page("/files/{closed.key}/a.txt", (404, 404, 404, 404, 200, 200), FILE),
    page("/files/{archived.key}/a.txt", ABSENT, FILE),
    page("/lessons/{lesson.key}/", (LOGIN, *MEMBERS[1:2], "302 /courses/open/lessons/lesson-11/", *MEMBERS[3:]), "lessons/<word:key>/"),
    page("/lessons/{hidden.key}/", (LOGIN, *GONE[1:]), "lessons/<word:key>/"),
    page("/pages/{task.key}/", (LOGIN, *MEMBERS[1:2], "302 /courses/open/lessons/lesson-11/pages/task/", *MEMBERS[3:]), "pages/<word:key>/"),
    page("/learn/", SIGNED_IN, "learn/"),
    page("/members/{member.handle}/", SIGNED_IN, "members/<word:handle>/"),
    page("/members/{member.handle}/points/", (LOGIN, 404, 200, 404, 404, 200), "members/<word:handle>/points/"),
    page("/leaderboard/", SIGNED_IN, "leaderboard/"),
    page("/leaderboard/?period=x", (LOGIN, *(404,) * 5), "leaderboard/"),
    page("/leaderboard/?course=open", (LOGIN, 404, 200, 404, 200, 200), "leaderboard/"),
    page("/leaderboard/?course=closed", (LOGIN, 404, 404, 404, 200, 200), "leaderboard/"),
    page("/leaderboard/?course=nowhere", (LOGIN, *(404,) * 5), "leaderboard/"),
    page("/studio/badges/", OWNERS, "studio/badges/"),
    page("/studio/", (LOGIN, 404, 404, 404, 200, 200), "studio/"),
    *(
        page(f"/studio/courses/{slug}/{end}", (LOGIN, *answers), f"studio/courses/<word:slug>/{end}")
        for end in ("", "details/", "status/", "archiving/", "archive/", "attachments/", "preview/", "learners/", "learners.csv", "lessons/")
        for slug, answers in {
            "open": TEACHERS, "draft": TEACHERS, "closed": TEACHERS,
            "archived": (404,) * 5, "nowhere": (404,) * 5, "others": (404, 404, 404, 404, 200),
        }.items()
    ),
    *(
        page(f"/studio/courses/{slug}/{part}/{end}", (LOGIN, *answers), f"studio/courses/<word:slug>/{part.partition('/')[0]}/<word:key>/{end}")
        for part, ends in {
            "modules/{lesson.module.key}": ("archiving/", "publication/"),
            "lessons/{lesson.key}": ("", "status/", "archiving/", "settings/", "history/", "preview/"),
        }.items()
        for end in ends
        for slug, answers in {"open": TEACHERS, "others": (404, 404, 404, 404, 404)}.items()
    ),
    page("/studio/courses/open/lessons/{lesson.key}/preview/pages/task/", (LOGIN, *TEACHERS), f"{STUDIO_LESSON}preview/pages/<word:page_slug>/"),
    page("/studio/courses/open/lessons/{lesson.key}/history/{version.pk}/", (LOGIN, *TEACHERS), f"{STUDIO_LESSON}history/<int:version_id>/"),
    page("/studio/courses/others/lessons/{lesson.key}/history/{version.pk}/", (LOGIN, *(404,) * 5), f"{STUDIO_LESSON}history/<int:version_id>/"),
    page("/studio/courses/open/people/", (LOGIN, *TEACHERS), f"{STUDIO_COURSE}people/"),
    page("/studio/courses/others/people/", (LOGIN, 404, 404, 404, 404, 200), f"{STUDIO_COURSE}people/"),
    *(page(f"/studio/{end}", OWNERS, f"studio/{end}") for end in ("settings/", "settings/mail/", "members/")),
    page("/school/logo/nothing.png", ABSENT, "school/logo/<word:name>.png"),
    page("/school/1.css", ABSENT, "school/<word:stamp>.css"),
    page("/studio/import/", (LOGIN, 404, 404, 404, 200, 200), "studio/import/"),
    page("/studio/courses/open/transfer/", (LOGIN, *TEACHERS), f"{STUDIO_COURSE}transfer/"),
    page("/studio/courses/others/transfer/", (LOGIN, 404, 404, 404, 404, 200), f"{STUDIO_COURSE}transfer/"),
    page("/studio/transfers/{transfer.key}/", (LOGIN, 404, 404, 404, 200, 200), "studio/transfers/<word:key>/"),
    page("/studio/transfers/{transfer.key}/state/", (LOGIN, 404, 404, 404, 200, 200), "studio/transfers/<word:key>/state/"),
    page("/studio/transfers/{transfer.key}/course.zip", (LOGIN, *(404,) * 5), "studio/transfers/<word:key>/course.zip"),
    page("/studio/archive/", (LOGIN, 404, 404, 404, 200, 200), "studio/archive/"),
    page("/covers/{open.key}/nothing/400.webp", ABSENT, "covers/<word:course_key>/<word:name>/<int:width>.webp"),
    page("/lessons/{lesson.key}/video-position/", MEMBERS, "lessons/<word:key>/video-position/"),
    page("/accounts/settings/", SIGNED_IN, "accounts/settings/"),
    page("/accounts/tokens/", SIGNED_IN, "accounts/tokens/"),
    page("/service-worker.js", OPEN, "service-worker.js"),
    page("/offline/", OPEN, "offline/"),
    page("/offline/unsent/", OPEN, "offline/unsent/"),
    page("/healthz", OPEN, "healthz"),
    page("/readyz", OPEN, "readyz"),
    page("/favicon.ico", ("302 /static/img/logo.svg",) * 6, "favicon.ico"),
]  # fmt: skip

SIGN_IN_THEN_COURSE = "302 /accounts/login/?next=/courses/open/"
POSTS = [
    post("/courses/open/enrollment/", (SIGN_IN_THEN_COURSE, *(COURSE,) * 5), ENROLLMENT, state="enrolled"),
    post("/courses/open/enrollment/", (SIGN_IN_THEN_COURSE, *(COURSE,) * 5), ENROLLMENT, state="unenrolled"),
    post("/courses/open/enrollment/", (SIGN_IN_THEN_COURSE, *(400,) * 5), ENROLLMENT, state="x"),
    post("/courses/draft/enrollment/", (LOGIN, *ABSENT[1:]), ENROLLMENT, state="enrolled"),
    post("/courses/closed/enrollment/", (LOGIN, *CLOSED[1:]), ENROLLMENT, state="enrolled"),
    post("/courses/closed/enrollment/", (LOGIN, *CLOSED[1:]), ENROLLMENT, state="unenrolled"),
    post("/courses/archived/enrollment/", (LOGIN, *CLOSED[1:]), ENROLLMENT, state="unenrolled"),
    post("/courses/open/start-over/", (SIGN_IN_THEN_COURSE, *(COURSE,) * 5), START_OVER),
    post("/courses/draft/start-over/", (LOGIN, *ABSENT[1:]), START_OVER),
    post("/courses/open/lessons/lesson-11/completion/", (SIGN_IN_THEN_COURSE, COURSE, "302 /courses/open/lessons/lesson-11/", COURSE, COURSE, COURSE), COMPLETION, state="completed"),
    post("/courses/open/lessons/lesson-11/completion/", (SIGN_IN_THEN_COURSE, COURSE, 400, COURSE, COURSE, COURSE), COMPLETION, state="x"),
    post("/courses/open/lessons/lesson-12/completion/", (SIGN_IN_THEN_COURSE, *GONE[1:]), COMPLETION, state="completed"),
    post("/courses/draft/lessons/lesson-11/completion/", (LOGIN, *ABSENT[1:]), COMPLETION, state="completed"),
    post("/courses/closed/lessons/lesson-11/completion/", (LOGIN, *CLOSED[1:]), COMPLETION, state="completed"),
    post("/learn/keys/", (LOGIN, *("302 /courses/",) * 5), "learn/keys/", state="off", next="/courses/"),
    post("/learn/keys/", (LOGIN, *("302 /accounts/settings/",) * 5), "learn/keys/", state="on", next="https://example.com/"),
    post("/learn/keys/", (LOGIN, *("302 courses",) * 5), "learn/keys/", state="on", next="courses"),
    post("/learn/goal/", (LOGIN, *(OWN_PROFILE,) * 5), "learn/goal/", unit="days", amount="3"),
    post("/leaderboard/listing/", (LOGIN, *(OWN_PROFILE,) * 5), "leaderboard/listing/", state="hidden"),
    post("/studio/badges/{badge.pk}/offer/", (*OWNERS[:5], "302 /studio/badges/"), "studio/badges/<int:badge_id>/offer/", state="retired"),
    post("/studio/courses/open/cover/", (*WRITERS[:4], *("302 /studio/courses/open/details/",) * 2), f"{STUDIO_COURSE}cover/", state="drawn"),
    post("/studio/courses/open/copies/", (*WRITERS[:4], "302 /studio/courses/open-copy/", "302 /studio/courses/open-copy-2/"), f"{STUDIO_COURSE}copies/"),
    post("/studio/courses/open/modules/", WRITERS, f"{STUDIO_COURSE}modules/", title="New"),
    post("/studio/courses/others/modules/", (LOGIN, 404, 404, 404, 404, "302 /studio/courses/others/"), f"{STUDIO_COURSE}modules/", title="New"),
    post("/studio/courses/open/modules/", WRITERS, f"{STUDIO_COURSE}modules/", title=""),
    *(
        post(f"/studio/courses/{slug}/modules/{{lesson.module.key}}/{end}", answers, f"{STUDIO_MODULE}{end}", title="X", way="up")
        for end in ("title/", "move/", "publication/", "restoration/", "lessons/")
        for slug, answers in {"open": WRITERS, "others": (LOGIN, *(404,) * 5)}.items()
    ),
    *(
        post(f"/studio/courses/{slug}/lessons/{{lesson.key}}/{end}", answers, f"{STUDIO_LESSON}{end}", title="X", way="up")
        for end in ("title/", "move/", "restoration/", "copies/")
        for slug, answers in {"open": WRITERS, "others": (LOGIN, *(404,) * 5)}.items()
    ),
    *(
        post(f"/studio/courses/{slug}/lessons/{{lesson.key}}/{end}", (LOGIN, 404, 404, 404, *answers), f"{STUDIO_LESSON}{end}")
        for end in ("text/", "draft/")
        for slug, answers in {"open": (422, 422), "others": (404, 404)}.items()
    ),
    post("/studio/courses/others/learners/{member.handle}/removal/", (LOGIN, *(404,) * 5), f"{STUDIO_COURSE}learners/<word:handle>/removal/"),
    post("/studio/courses/open/learners/{member.handle}/removal/", (*WRITERS[:4], *("302 /studio/courses/open/learners/",) * 2), f"{STUDIO_COURSE}learners/<word:handle>/removal/"),
    post("/studio/courses/open/people/{pending.pk}/withdrawal/", (*WRITERS[:4], "302 /studio/courses/open/people/", 404), f"{STUDIO_COURSE}people/<int:pending_id>/withdrawal/"),
    post("/studio/courses/open/people/{pending.pk}/mail/", (*WRITERS[:4], *("302 /studio/courses/open/people/",) * 2), f"{STUDIO_COURSE}people/<int:pending_id>/mail/"),
    post("/studio/courses/others/people/{pending.pk}/mail/", (LOGIN, *(404,) * 5), f"{STUDIO_COURSE}people/<int:pending_id>/mail/"),
    post("/studio/courses/others/people/{pending.pk}/withdrawal/", (LOGIN, *(404,) * 5), f"{STUDIO_COURSE}people/<int:pending_id>/withdrawal/"),
    *(
        post(f"/studio/{end}", (*OWNERS[:5], f"302 /studio/{way}/"), f"studio/{route or end}", state=state)
        for end, way, route, state in (
            ("settings/logo/", "settings", "", "steps"),
            ("settings/mail/test/", "settings/mail", "", ""),
            ("settings/mail/unsent/", "settings/mail", "", "again"),
            ("settings/mail/unsent/1/", "settings/mail", "settings/mail/unsent/<int:mail_id>/", "again"),
            ("members/{learner.handle}/", "members", "members/<word:handle>/", "suspended"),
            ("invitations/", "members", "", ""),
            ("invitations/{invitation.pk}/", "members", "invitations/<int:invitation_id>/", "again"),
        )
    ),
    post("/studio/transfers/{transfer.key}/confirmation/", (LOGIN, 404, 404, 404, *("302 /studio/transfers/{transfer.key}/",) * 2), "studio/transfers/<word:key>/confirmation/"),
    post("/studio/transfers/{transfer.key}/answers/", (LOGIN, 404, 404, 404, *("302 /studio/transfers/{transfer.key}/",) * 2), "studio/transfers/<word:key>/answers/"),
    post("/studio/transfers/{transfer.key}/cancellation/", (LOGIN, 404, 404, 404, "302 /studio/", "302 /studio/"), "studio/transfers/<word:key>/cancellation/"),
    post("/studio/archive/{archived.key}/restoration/", (LOGIN, 404, 404, 404, "302 /studio/courses/archived/", "302 /studio/courses/archived/"), "studio/archive/<word:key>/restoration/"),
    post("/studio/courses/open/attachments/{file.pk}/removal/", (*WRITERS[:4], "302 /studio/courses/open/attachments/", 404), f"{STUDIO_COURSE}attachments/<int:attachment_id>/removal/"),
    post("/language/", ("302 /",) * 6, "language/", language="de"),
    post("/accounts/tokens/{token.pk}/", (LOGIN, 404, "302 /accounts/tokens/", 404, 404, 404), "accounts/tokens/<int:token_id>/"),
]  # fmt: skip


class World:
    """Courses in every state, and people in every relation to them."""

    def __init__(self) -> None:
        self.owner = make_user("Olga Owner", role=Role.OWNER)
        self.instructor = make_user("Ines Instructor", role=Role.INSTRUCTOR)
        self.learner, self.member, self.former = (
            make_user("Lara Learner"),
            make_user("Mona Member"),
            make_user("Fred Former"),
        )
        self.open, self.draft, self.closed, self.archived = (
            self._course(slug) for slug in ("Open", "Draft", "Closed", "Archived")
        )
        make_course((1,), title="Others")
        self.lesson, self.hidden = lessons_of(self.open)
        self.task = self.lesson.pages.get()
        unpublish_lesson(lesson=self.hidden)
        unpublish_course(course=self.draft)
        unpublish_course(course=self.closed)
        archive_course(course=self.archived)
        self.transfer = start_export(person=self.instructor, course=self.open)
        emails = ["new@example.org"]
        enroll_by_email(course=self.open, emails=emails, by=self.owner)
        self.invitation = Invitation.objects.get()
        self.pending = self.open.pending_enrollments.get()
        self.file = self.open.attachments.get()
        update_lesson(lesson=self.lesson, body="Second text.")
        self.version = self.lesson.versions.latest("pk")
        self.badge = Badge.objects.earliest("pk")
        self.token, _secret = create_api_token(user=self.member, label="mine")

    def _course(self, title: str) -> Any:
        course = publish_course(course=make_course((2,), title=title))
        set_instructors(course=course, instructors=[self.instructor])
        save_attachment(course=course, name="a.txt", content=ContentFile(b"a", name="a.txt"))
        create_page(lesson=lessons_of(course)[0], title="Task", body="Take [a](assets/a.txt).")
        if title != "Draft":
            enroll_in_course(user=self.member, course=course, origin=Origin.WEB)
        if title == "Open":
            enroll_in_course(user=self.former, course=course, origin=Origin.WEB)
            unenroll_from_course(user=self.former, course=course, origin=Origin.WEB)
        return course

    def client(self, role: str) -> Client:
        client = Client()
        person: User | None = getattr(self, role, None)
        if person is not None:
            client.force_login(person)
        return client
