"""Courses and learning in plain Python: what the rules of the classroom say, without a database."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(eq=False)
class ModelLesson:
    id: int
    title: str = ""
    slug: str = ""
    is_published: bool = False
    is_archived: bool = False
    is_sourced: bool = False  # whether it came from a folder


@dataclass(eq=False)
class ModelModule:
    """`lessons` holds all in order, archived ones at the place that they had."""

    id: int
    title: str = ""
    lessons: list[ModelLesson] = field(default_factory=list)
    is_archived: bool = False
    is_sourced: bool = False

    def active(self) -> list[ModelLesson]:
        if self.is_archived:
            return []
        return [each for each in self.lessons if not each.is_archived]

    def counted(self) -> list[ModelLesson]:
        return [each for each in self.active() if each.is_published]


@dataclass(eq=False)
class ModelCourse:
    """`lesson_at` holds the lesson that an address leads to while that is in the outline."""

    id: int
    title: str = ""
    slug: str = ""
    modules: list[ModelModule] = field(default_factory=list)
    is_published: bool = False
    is_archived: bool = False
    lesson_at: dict[str, ModelLesson] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.is_published and not self.is_archived

    def active(self) -> list[ModelLesson]:
        return [lesson for module in self.modules for lesson in module.active()]

    def counted(self) -> list[ModelLesson]:
        return [lesson for module in self.modules for lesson in module.counted()]


@dataclass(eq=False)
class Completion:
    first: datetime
    now: datetime | None


@dataclass(eq=False)
class Membership:
    """What one learner did in one course."""

    course: ModelCourse
    enrolled: datetime
    active_since: datetime
    left: datetime | None = None
    finished: datetime | None = None
    completions: dict[int, Completion] = field(default_factory=dict)
    attempts: list[dict[int, datetime]] = field(default_factory=list)

    def enroll(self, now: datetime) -> None:
        if self.left is not None:
            self.left, self.active_since = None, now
            if not self.finished and self.completed_ids == self.counted_ids != set():
                self.finished = now

    def settle(self, now: datetime) -> None:
        """Finish an open course of which everything is completed, however that came."""
        is_complete = self.completed_ids == self.counted_ids != set()
        if is_complete and self.left is None and self.finished is None and self.course.is_open:
            self.finished = now

    def unenroll(self, now: datetime) -> None:
        if self.left is None:
            self.left = self.active_since = now

    def complete(self, lesson: int, now: datetime) -> None:
        known = self.completions.get(lesson)
        if known is None or known.now is None:
            self.completions[lesson] = Completion(known.first if known else now, now)
            self.active_since = now
        if self.finished is None and self.completed_ids == self.counted_ids:
            self.finished = self.active_since = now

    def reopen(self, lesson: int, now: datetime) -> None:
        known = self.completions.get(lesson)
        if known is not None and known.now is not None:
            known.now, self.active_since = None, now

    def toggle(self, lesson: int, now: datetime) -> None:
        known = self.completions.get(lesson)
        is_completed = known is not None and known.now is not None
        (self.reopen if is_completed else self.complete)(lesson, now)

    def start_over(self, now: datetime) -> None:
        attempt = {
            lesson: each.now for lesson, each in self.completions.items() if each.now is not None
        }
        if attempt:
            self.attempts.append(attempt)
            self.active_since = now
            for each in self.completions.values():
                each.now = None

    @property
    def counted_ids(self) -> set[int]:
        return {lesson.id for lesson in self.course.counted()}

    @property
    def completed_ids(self) -> set[int]:
        standing = {lesson for lesson, each in self.completions.items() if each.now}
        return self.counted_ids & standing

    @property
    def next_id(self) -> int | None:
        open_ids = [each.id for each in self.course.counted() if each.id not in self.completed_ids]
        return open_ids[0] if open_ids and self.course.is_open else None

    @property
    def new_count(self) -> int:
        return len(self.counted_ids - self.completions.keys()) if self.finished else 0

    @property
    def is_finished(self) -> bool:
        """Everything is completed, or everything but what came after finishing."""
        open_ids = self.counted_ids - self.completed_ids
        if self.finished:
            return not open_ids & self.completions.keys()
        return bool(self.counted_ids) and not open_ids

    def as_seen(self) -> dict[str, object]:
        """What My learning should show of it."""
        completed, total = len(self.completed_ids), len(self.counted_ids)
        return {
            "course": self.course.id,
            "progress": (completed, total, int(100 * completed / total) if total else 0),
            "next": self.next_id,
            "new": self.new_count,
            "finished": self.is_finished,
            "available": self.course.is_open,
            "dates": (self.enrolled, self.finished, self.active_since),
        }
