from stepwell.courses.models import Course
from stepwell.transfer.findings import Finding, FindingKind
from stepwell.transfer.report import Change, ChangeKind, Counts, ImportReport, Noun

CHANGES = (
    Change(ChangeKind.UNCHANGED, Noun.COURSE, "Bread", "README.md"),
    Change(ChangeKind.CREATED, Noun.LESSON, "Flour", "1/README.md"),
    Change(ChangeKind.CREATED, Noun.LESSON, "Water", "2/README.md"),
    Change(ChangeKind.ARCHIVED, Noun.LESSON, "Salt", "3/README.md"),
)
FINDINGS = (
    Finding(FindingKind.LINK_BROKEN, "1/README.md", 7, "x.md"),
    Finding(FindingKind.PAGE_LEFT_OUT, "HELP.md"),
    Finding(FindingKind.EMBED_REPLACED, "1/README.md", 3, "https://x.org"),
    Finding(FindingKind.EMBED_REPLACED, "1/README.md", 9, "https://y.org"),
)
COUNTS = Counts(1, 2, 0, 1)


def test_a_report_names_all_that_was_lost_and_counts_the_changes() -> None:
    report = ImportReport(Course(title="Bread"), CHANGES, FINDINGS, COUNTS)
    assert report.text().split("\n") == [
        "Imported “Bread”: 1 module, 2 lessons, 0 pages, 1 attachment.",
        "  created   lesson      2",
        "  archived  lesson      1",
        "",
        "2 things were left out or lead nowhere:",
        "  1/README.md:7: The link to x.md leads nowhere; its text was kept.",
        "  HELP.md: No lesson links to this page, so it was left out.",
        "",
        "2 things have another form now:",
        "  Embedded content became a link: …",
        "    1/README.md: 3, 9",
    ]


def test_a_plan_names_every_change() -> None:
    report = ImportReport(Course(title="Bread"), CHANGES, (), COUNTS, is_dry_run=True)
    assert report.text().split("\n") == [
        "Plan for “Bread”: 1 module, 2 lessons, 0 pages, 1 attachment.",
        "  created   lesson      Flour  (1/README.md)",
        "  created   lesson      Water  (2/README.md)",
        "  archived  lesson      Salt  (3/README.md)",
    ]


def test_a_report_without_a_change_says_so() -> None:
    report = ImportReport(Course(title="Bread"), CHANGES[:1], (), COUNTS)
    assert report.is_unchanged
    assert report.text().endswith("\nNothing has changed.")
