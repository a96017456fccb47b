"""What a report of an import says, in a form that is kept and drawn by a page."""

from collections import Counter, defaultdict
from typing import Any

from stepwell.courses.models import Course
from stepwell.transfer.findings import Severity
from stepwell.transfer.questions import LessonQuestion, Question
from stepwell.transfer.report import WORDS, ChangeKind, ImportReport, counted

MOST_CHANGES = 500  # of a plan, named one by one


def story_of(report: ImportReport, wanted: Course | None) -> dict[str, Any]:
    """Return the report as plain data; `wanted` is the course that was to be updated."""
    changed = [change for change in report.changes if change.kind != ChangeKind.UNCHANGED]
    tally = Counter((change.kind, change.noun) for change in changed)
    notes: dict[str, int] = defaultdict(int)
    for finding in report.findings:
        if finding.severity == Severity.NOTE:
            notes[f"{finding.path}: {finding.sentence}"] += 1
    return {
        "title": report.course.title,
        "is_new": any(
            change.kind == ChangeKind.CREATED and change.noun == "course" for change in changed
        ),
        "is_other": wanted is not None and report.course.key != wanted.key,
        "counts": str(report.counts),
        "is_unchanged": report.is_unchanged,
        "tally": [[str(WORDS[kind]), counted(noun, n)] for (kind, noun), n in tally.items()],
        "changes": [
            [str(WORDS[each.kind]), str(WORDS[each.noun]), each.title, each.path]
            for each in changed[:MOST_CHANGES]
        ],
        "remarks": list(report.remarks),
        "questions": [_told(each) for each in report.questions],
        "fingerprint": report.fingerprint,
        "losses": [
            f"{each.path}{f':{each.line}' if each.line else ''}: {each.sentence}"
            for each in report.findings
            if each.severity == Severity.WARNING
        ],
        "notes": list(notes),
    }


def _told(question: Question) -> dict[str, Any]:
    """Return a question as the page asks it; its `name` is that of the form's field."""
    if isinstance(question, LessonQuestion):
        return {
            "name": f"lesson-{question.key}",
            "sentence": question.sentence(),
            "path": question.path,
            "key": question.key,
            "has_same_text": question.has_same_text,
        }
    return {
        "name": "course",
        "sentence": question.reason,
        "courses": [
            {
                "key": option.course.key,
                "title": option.course.title,
                "slug": option.course.slug,
                "effect": option.effect,
            }
            for option in question.options
        ],
    }
