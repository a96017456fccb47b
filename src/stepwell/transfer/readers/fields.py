"""Front matter of Stepwell's own layout, checked field by field."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NoReturn

from django.utils.translation import gettext as _

from stepwell.core.characters import words_in
from stepwell.core.markdown.videos import parse_video
from stepwell.core.slugs import BETWEEN_WORDS
from stepwell.transfer.errors import UnreadableSource
from stepwell.transfer.folder import SourceFolder
from stepwell.transfer.front_matter import Value, split_front_matter
from stepwell.transfer.readers.texts import TITLE_LENGTH, title_from_name
from stepwell.transfer.visible import one_line

_KEY = re.compile(r"[a-z2-7]{12}")
LONGEST_SLUG = 90
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,2}")
STATUSES = ("draft", "published")


def language_code(word: str) -> str:
    """Return a language's code, English where it is none."""
    return word.strip() if LANGUAGE.fullmatch(word.strip()) else "en"


@dataclass(frozen=True)
class Fields:
    """The fields of one file, and its text; each reading raises `UnreadableSource` if it is off."""

    path: str
    values: dict[str, Value]
    lines: dict[str, int]
    body: str
    first_line: int

    @classmethod
    def read(cls, folder: SourceFolder, path: str) -> "Fields":
        """Read a file; one that is not there has no fields."""
        text = folder.text(path) if folder.has_file(path) else ""
        found = split_front_matter(text, path)
        lines = {
            line.partition(":")[0].strip(): number
            for number, line in reversed(list(enumerate(text.split("\n"), 1)))
            if number < found.first_line
        }
        body = found.body.lstrip("\n")
        first_line = found.first_line + len(found.body) - len(body)
        return cls(path, found.fields, lines, body.rstrip("\n"), first_line)

    def unknown(self, known: Iterable[str]) -> list[str]:
        return [name for name in self.values if name not in set(known)]

    def title(self) -> str:
        return self.line("title", TITLE_LENGTH) or title_from_name(self._own_name())

    def key(self) -> str:
        return self._matching("key", _KEY, _("A key is 12 characters of a-z and 2-7."))

    def slug(self) -> str:
        value = self.text("slug", 500)
        if len(value) > LONGEST_SLUG or words_in(value, also=BETWEEN_WORDS) != value:
            self._refuse("slug", _("A slug is made of letters, figures, - and _, 90 at most."))
        return value

    def status(self) -> str:
        status = self.text("status", 20)
        if status and status not in STATUSES:
            self._refuse("status", _("The status is draft or published."))
        return status

    def minutes(self, digits: int = 4) -> int:
        word = self.text("minutes", 20)
        if word and not re.fullmatch(rf"[0-9]{{1,{digits}}}", word):
            self._refuse("minutes", _("Minutes are a whole number."))
        return int(word or 0)

    def asset(self, name: str, files: Collection[str]) -> str:
        """Return a field that names a file of the folder's assets."""
        value = self.text(name, 310)
        if value and value not in files:
            reason = _("“%(name)s” names no file of the folder’s assets.")
            self._refuse(name, reason % {"name": name})
        return value

    def video(self, files: Collection[str] = ()) -> str:
        """Return the address of a video, or the name of one among the folder's assets."""
        if self.text("video", 500) in files:
            return self.text("video", 500)
        reason = _("A video is given by its address, which starts with https://.")
        address = self._matching("video", re.compile(r"https?://\S{1,490}"), reason)
        video = parse_video(address)
        if video and video.embed.startswith("http://"):  # a browser would not play it
            self._refuse("video", reason)
        return address

    def language(self) -> str:
        reason = _("A language is given by its code, such as en or pt-BR.")
        return self._matching("language", LANGUAGE, reason) or "en"

    def text(self, name: str, length: int) -> str:
        """Return a field of one text, at most `length` characters."""
        value = self.values.get(name, "")
        if not isinstance(value, str):
            self._refuse(name, _("One text is expected in “%(name)s”.") % {"name": name})
        if len(value) > length:
            reason = _("“%(name)s” is longer than %(length)d characters.")
            self._refuse(name, reason % {"name": name, "length": length})
        return value

    def line(self, name: str, length: int) -> str:
        """Return a field of one text on one line; one that shows nothing is empty."""
        return one_line(self.text(name, length))

    def lines_of(self, name: str) -> tuple[str, ...]:
        """Return a field that is a list of texts, each on one line, without empty ones."""
        value = self.values.get(name) or []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._refuse(name, _("A list of texts is expected in “%(name)s”.") % {"name": name})
        return tuple(filter(None, (one_line(str(item)) for item in value)))

    def _matching(self, name: str, pattern: re.Pattern[str], reason: str) -> str:
        value = self.text(name, 500)
        if value and not pattern.fullmatch(value):
            self._refuse(name, reason)
        return value

    def _refuse(self, name: str, reason: str) -> NoReturn:
        raise UnreadableSource(self.path, reason, self.lines.get(name))

    def _own_name(self) -> str:
        folder, _slash, name = self.path.rpartition("/")
        return folder if name in {"lesson.md", "module.md"} else name
