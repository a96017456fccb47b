"""The people of the demo academy: who they are, and how far each of them has come."""

from dataclasses import dataclass

GIT = "git-without-fear"
BREAD = "bread-from-flour-water-and-time"
SQL = "sql-by-asking-questions"
SKY = "reading-the-night-sky"
STATISTICS = "statistics-you-can-feel"
WRITING = "writing-that-gets-read"


@dataclass(frozen=True)
class DemoEnrollment:
    """`completed` lessons from the start of the outline, one every `days_per_lesson`; None: all.

    Then `this_week` more lessons, between Monday and now.
    """

    course_slug: str
    completed: int | None
    days_ago_started: int
    days_per_lesson: float
    unenrolled: bool = False
    this_week: int = 0


@dataclass(frozen=True)
class DemoPerson:
    name: str
    handle: str
    email: str
    role: str
    courses: tuple[DemoEnrollment, ...] = ()
    time_zone: str = "UTC"


INSTRUCTORS = {
    GIT: "noor@example.org",
    SQL: "noor@example.org",
    STATISTICS: "noor@example.org",
    BREAD: "elias@example.org",
    SKY: "elias@example.org",
    WRITING: "elias@example.org",
}

PEOPLE = (
    DemoPerson(
        "Hanna Lindqvist", "hanna-lindqvist", "owner@example.org", "owner", (), "Europe/Stockholm"
    ),
    DemoPerson(
        "Noor Rahmani", "noor-rahmani", "noor@example.org", "instructor", (), "Europe/Amsterdam"
    ),
    DemoPerson(
        "Elias Moreau", "elias-moreau", "elias@example.org", "instructor", (), "Europe/Paris"
    ),
    DemoPerson(
        "Amara Okafor",
        "amara-okafor",
        "learner@example.org",
        "learner",
        (
            DemoEnrollment(WRITING, None, 40, 1.5),
            DemoEnrollment(SKY, 1, 4, 1),
            DemoEnrollment(GIT, 4, 5, 0.95, this_week=1),
        ),
        "Africa/Lagos",
    ),
    DemoPerson(
        "Mateus Carvalho",
        "mateus-carvalho",
        "mateus@example.org",
        "learner",
        (DemoEnrollment(GIT, None, 30, 2), DemoEnrollment(SQL, 7, 9, 1, this_week=2)),
        "America/Sao_Paulo",
    ),
    DemoPerson(
        "王小雨",
        "王小雨",
        "xiaoyu@example.org",
        "learner",
        (DemoEnrollment(STATISTICS, None, 35, 2.5), DemoEnrollment(SQL, 4, 12, 2, this_week=1)),
        "Asia/Shanghai",
    ),
    DemoPerson(
        "Priya Raghunathan",
        "priya-raghunathan",
        "priya@example.org",
        "learner",
        (DemoEnrollment(BREAD, 8, 20, 2), DemoEnrollment(STATISTICS, 3, 6, 1.5, this_week=3)),
        "Asia/Kolkata",
    ),
    DemoPerson(
        "Олена Шевчук",
        "олена-шевчук",
        "olena@example.org",
        "learner",
        (DemoEnrollment(WRITING, 6, 14, 2), DemoEnrollment(GIT, 2, 3, 1, this_week=1)),
        "Europe/Kyiv",
    ),
    DemoPerson(
        "Jun Nakagawa",
        "jun-nakagawa",
        "jun@example.org",
        "learner",
        (DemoEnrollment(SKY, None, 45, 3),),
        "Asia/Tokyo",
    ),
    DemoPerson(
        "ليلى حداد",
        "ليلى-حداد",
        "layla@example.org",
        "learner",
        (DemoEnrollment(SQL, None, 50, 3), DemoEnrollment(STATISTICS, 5, 10, 1.5, this_week=2)),
        "Asia/Amman",
    ),
    DemoPerson(
        "Tāne Walker",
        "tāne-walker",
        "tane@example.org",
        "learner",
        (DemoEnrollment(SKY, 6, 16, 2), DemoEnrollment(BREAD, 3, 7, 2, this_week=4)),
        "Pacific/Auckland",
    ),
    DemoPerson(
        "Ingrid Solheim",
        "ingrid-solheim",
        "ingrid@example.org",
        "learner",
        (DemoEnrollment(BREAD, None, 60, 4), DemoEnrollment(WRITING, 2, 5, 1.5)),
        "Europe/Oslo",
    ),
    DemoPerson(
        "Kwame Mensah",
        "kwame-mensah",
        "kwame@example.org",
        "learner",
        (
            DemoEnrollment(GIT, 7, 36, 2.5),
            DemoEnrollment(SKY, 3, 28, 3, unenrolled=True),
        ),
        "Africa/Accra",
    ),
    DemoPerson(
        "Lucía Fernández",
        "lucía-fernández",
        "lucia@example.org",
        "learner",
        (DemoEnrollment(STATISTICS, 1, 2, 1), DemoEnrollment(WRITING, None, 25, 2)),
        "America/Mexico_City",
    ),
    DemoPerson(
        "Daniel Cohen",
        "daniel-cohen",
        "daniel@example.org",
        "learner",
        (DemoEnrollment(SQL, 9, 18, 1.5, this_week=1), DemoEnrollment(BREAD, 0, 1, 1)),
        "America/New_York",
    ),
)
