"""What is known and gathered while one body becomes HTML."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Union

from . import addresses
from .cost import Cost

if TYPE_CHECKING:
    from stepwell.core.pictures import Size  # loads Pillow, which most texts never need

Resolve = Callable[[str], str | None]
Measure = Callable[[str], Union["Size", None]]


@dataclass(frozen=True)
class Heading:
    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Removed:
    """Something that the page may not contain; `what` names it in a word or two."""

    line: int
    what: str
    is_hostile: bool


@dataclass
class Page:
    """One rendering: how destinations resolve, what was removed, which links are open."""

    resolve: Resolve
    measure: Measure
    cost: Cost
    colors_code: bool = True
    ids: set[str] = field(default_factory=set)
    removed: dict[Removed, None] = field(default_factory=dict)  # an ordered set
    open_links: list[bool] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def is_in_link(self) -> bool:
        return any(self.open_links)

    def remove(self, line: int, what: str, *, is_hostile: bool = False) -> None:
        self.removed[Removed(line, what, is_hostile)] = None

    def address_of(self, written: str, line: int, *, noun: str = "link") -> str | None:
        """The address that a destination leads to; None, and reported, when it is unsafe."""
        resolved = self.resolve(written)
        address = written if resolved is None else resolved
        if addresses.is_safe(address):
            return address
        scheme = addresses.scheme_of(address)
        self.remove(line, f"{scheme}: {noun}", is_hostile=addresses.is_hostile(address))
        return None

    def number(self, noun: str) -> int:
        """The next number of its kind: regions of a page need names of their own."""
        self.counts[noun] += 1
        return self.counts[noun]
