"""What a person says about an import beforehand."""

from dataclasses import dataclass

from stepwell.courses.models import Course


@dataclass(frozen=True)
class Choice:
    """Answers to what an import may ask.

    `into` names the course to update, whatever that does to it; `is_new` asks for a course of its
    own. `sent_to` is the course from whose page a file was sent: it is updated too, but only after
    a question where much would change. `same` and `other` name files of lessons, each with the key
    of the lesson that it still is, or is not; without a key, whichever lesson the import guesses.
    """

    into: Course | None = None
    is_new: bool = False
    sent_to: Course | None = None
    same: frozenset[tuple[str, str]] = frozenset()
    other: frozenset[tuple[str, str]] = frozenset()

    @property
    def is_made(self) -> bool:
        """Tell whether the course was chosen."""
        return self.into is not None or self.is_new

    def is_same(self, path: str, key: str) -> bool:
        """Tell whether this lesson was said to be the one with this key."""
        return not self.same.isdisjoint({(path, key), (path, "")})

    def is_other(self, path: str, key: str) -> bool:
        """Tell whether this lesson was said not to be the one with this key."""
        return not self.other.isdisjoint({(path, key), (path, "")})


NO_CHOICE = Choice()
