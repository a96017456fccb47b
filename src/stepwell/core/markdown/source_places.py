"""From positions in a token's content back to positions in the source it came from."""

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate

from markdown_it.token import Token

from .parsing import NEWLINE, source_lines


class SourcePlaces:
    """Knows the lines of a source, and finds the contents of its tokens in them again.

    Asked for the tokens in their order, since the cells of a table share a line.
    """

    def __init__(self, source: str) -> None:
        self._starts = [0, *(match.end() for match in NEWLINE.finditer(source))]
        self._lines = source_lines(source)
        self._cell_ends: dict[int, int] = {}

    def absolute(self, line: int, column: int) -> int:
        return self._starts[line] + column

    def locate(self, token: Token, *, is_cell: bool = False) -> Callable[[int], int | None]:
        """For a position in the token's content, its position in the source.

        That is None where the content can't be found on its line.
        """
        if token.map is None:
            return lambda _position: None
        first = token.meta.get("line", token.map[0])
        if is_cell:
            return self._locate_cell(token.content, first)

        contents = token.content.split("\n")
        starts = list(accumulate((len(content) + 1 for content in contents), initial=0))

        def in_source(position: int) -> int | None:
            number = bisect_right(starts, position) - 1
            return self._in_line(first + number, contents[number], position - starts[number])

        return in_source

    def _in_line(self, line: int, content: str, column: int) -> int | None:
        # Indents may have been cut or expanded, and the ends trimmed: compare what is between.
        text, source = content.strip(), self._lines[line]
        start = len(source.rstrip()) - len(text)
        if not source.rstrip().endswith(text):
            start = source.find(text)
        if start < 0:
            return None
        indent = len(content) - len(content.lstrip())
        return self.absolute(line, start + max(column - indent, 0))

    def _locate_cell(self, content: str, line: int) -> Callable[[int], int | None]:
        # Inside a table a pipe is written with a backslash before it.
        written = content.replace("|", r"\|")
        start = self._lines[line].find(written, self._cell_ends.get(line, 0))
        if start < 0:
            return lambda _position: None
        self._cell_ends[line] = start + len(written)

        def in_source(position: int) -> int:
            return self.absolute(line, start + len(content[:position].replace("|", r"\|")))

        return in_source
