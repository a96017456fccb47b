"""How large a made-up school is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """A school: each course alike, each learner in as many courses; one lesson in ten is a draft.

    `completed` is how many lessons learners have completed on average in a course they are in.
    """

    courses: int
    learners: int
    enrollments_per_learner: int
    completed: int
    modules: int = 5
    lessons_per_module: int = 8

    @property
    def lessons(self) -> int:
        """All lessons of one course, drafts among them."""
        return self.modules * self.lessons_per_module


# `reference` is the school on which the classroom that we compare ourselves with was measured.
SHAPES = {
    "quick": Shape(courses=10, learners=50, enrollments_per_learner=5, completed=11),
    "reference": Shape(courses=50, learners=2_000, enrollments_per_learner=10, completed=11),
    "large": Shape(courses=1_000, learners=100_000, enrollments_per_learner=10, completed=12),
}
