"""YAML as courses use it: plain words and lists, nothing that could run or grow."""

import re
from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.translation import gettext as _

from stepwell.core.characters import CONTROL
from stepwell.transfer.errors import UnreadableSource
from stepwell.transfer.visible import one_line

Value = str | list["Value"] | dict[str, "Value"]
DEPTH = 30
FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)


class _PlainLoader(yaml.BaseLoader):
    """Reads every scalar as text: no types, so no surprises such as `no`.

    Aliases are refused, because a few lines of them can expand to gigabytes.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # PyYAML has no types
            raise yaml.MarkedYAMLError(problem=_("aliases are not allowed"), problem_mark=mark)
        self._depth += 1
        if self._depth > DEPTH:
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # PyYAML has no types
            raise yaml.MarkedYAMLError(problem=_("it is nested too deep"), problem_mark=mark)
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        names: set[str] = set()
        for name, _value in node.value if isinstance(node, yaml.MappingNode) else ():
            if isinstance(name, yaml.ScalarNode) and name.value in names:
                problem = _("“%(name)s” is given twice") % {"name": name.value}
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=name.start_mark)
            names.add(str(name.value))
        return super().construct_mapping(node, deep)

    def construct_scalar(self, node: Any) -> str:
        value = str(super().construct_scalar(node))
        if CONTROL.search(value):
            problem = _("it holds a control character")
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
        return "" if node.style is None and value in {"null", "Null", "NULL", "~"} else value


@dataclass(frozen=True)
class FrontMatter:
    """The fields at the head of a Markdown file, and the text below them."""

    fields: dict[str, Value]
    body: str
    first_line: int

    def word(self, name: str) -> str:
        """Return a field's text on one line, or nothing if it is absent or shows nothing."""
        value = self.fields.get(name, "")
        return one_line(value).strip() if isinstance(value, str) else ""


def load_yaml(text: str, path: str, *, first_line: int = 1) -> Value:
    """Return the content of a YAML text; an empty one is an empty mapping.

    Raises `UnreadableSource` naming file and line.
    """
    try:
        loader = _PlainLoader(text)
        try:
            value = loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        reason = _("The YAML is broken: %(problem)s.") % {"problem": error.problem or error.context}
        raise UnreadableSource(path, reason, line) from error
    except yaml.reader.ReaderError as error:
        line = first_line + text.count("\n", 0, error.position)
        raise UnreadableSource(path, _("The YAML holds a control character."), line) from error
    return {} if value is None else _plain(value)


def load_mapping(text: str, path: str, *, first_line: int = 1) -> dict[str, Value]:
    """Return the content of a YAML text that must consist of named fields."""
    value = load_yaml(text, path, first_line=first_line)
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise UnreadableSource(path, _("Named fields (name: value) are expected here."), first_line)
    return value


def split_front_matter(text: str, path: str) -> FrontMatter:
    """Divide a Markdown file into its fields and its text."""
    found = FRONT_MATTER.match(text)
    if found is None and re.match(r"---[ \t]*\n[\w-]+:", text):
        raise UnreadableSource(path, _("The front matter is not closed by a line of ---."), 1)
    if found is None:
        return FrontMatter({}, text, 1)
    fields = load_mapping(found["yaml"], path, first_line=2)
    return FrontMatter(fields, text[found.end() :], text.count("\n", 0, found.end()) + 1)


def join_front_matter(fields: dict[str, Any], body: str) -> str:
    """Return a Markdown file of fields and text: the same for the same, byte by byte."""
    head = yaml.safe_dump(
        fields, sort_keys=False, allow_unicode=True, default_flow_style=False, width=10**6
    )
    text = body.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return f"---\n{head}---\n" + (f"\n{text}\n" if text else "")


def lines_with(word: str, text: str) -> list[int]:
    """Return the lines of a YAML text that end in `word` as an item or a value."""
    pattern = re.compile(rf"(?:^|[\s:\[,-])[\"']?{re.escape(word)}[\"']?\s*(?:[\],}}#]|$)")
    return [number for number, line in enumerate(text.split("\n"), 1) if pattern.search(line)]


def line_of(text: str, *way: str | int, first_line: int = 1) -> int:
    """Return the line of a field or item of a readable YAML text: `way` are names and places."""
    loader = _PlainLoader(text)
    try:
        node: Any = loader.get_single_node()
    finally:
        loader.dispose()
    start = node
    for step in way:
        if isinstance(node, yaml.MappingNode):
            start, node = next(pair for pair in node.value if pair[0].value == step)
        else:
            start = node = node.value[step]
    return first_line + int(start.start_mark.line)


def line_of_field(text: str, name: str) -> int | None:
    """Return the line of a field in the front matter of a Markdown file, None if it has none."""
    found = FRONT_MATTER.match(text)
    return line_of(found["yaml"], name, first_line=2) if found else None


def _plain(value: Any) -> Value:
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return str(value)
