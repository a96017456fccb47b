"""JavaScript literals, as MDX components take them: read, never run."""

import re
from typing import NoReturn

from stepwell.core.characters import CONTROL

Literal = str | float | bool | None | list["Literal"] | dict[str, "Literal"]
DEPTH = 20
_SPACE = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.S)
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_STRING = re.compile(r"""(?s)"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`""")
_ESCAPE = re.compile(r"(?s)\\(u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r?\n|.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_WORDS: dict[str, Literal] = {"true": True, "false": False, "null": None, "undefined": None}


class NotLiteralError(ValueError):
    """The text holds more than strings, numbers, lists and objects."""


def parse_literal(text: str) -> Literal:
    """Return the value of a JavaScript literal; raises `NotLiteralError` for anything else."""
    parser = _Parser(text)
    value = parser.value()
    parser.skip_space()
    if parser.place != len(text):
        parser.fail()
    return value


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.depth = 0

    def fail(self) -> NoReturn:
        raise NotLiteralError(self.text[self.place : self.place + 40])

    def skip_space(self) -> None:
        found = _SPACE.match(self.text, self.place)
        self.place = found.end() if found else self.place

    def take(self, mark: str) -> bool:
        self.skip_space()
        if not self.text.startswith(mark, self.place):
            return False
        self.place += len(mark)
        return True

    def match(self, pattern: re.Pattern[str]) -> str | None:
        self.skip_space()
        found = pattern.match(self.text, self.place)
        if found is None:
            return None
        self.place = found.end()
        return found[0]

    def value(self) -> Literal:
        self.depth += 1
        if self.depth > DEPTH:
            self.fail()
        value = self._value()
        self.depth -= 1
        return value

    def _value(self) -> Literal:
        if self.take("["):
            return self.items()
        if self.take("{"):
            return self.members()
        if (string := self.match(_STRING)) is not None:
            return unescape(string)
        if (number := self.match(_NUMBER)) is not None:
            return float(number)
        name = self.match(_NAME)
        if name not in _WORDS:
            self.fail()
        return _WORDS[name]

    def items(self) -> list[Literal]:
        values: list[Literal] = []
        while not self.take("]"):
            values.append(self.value())
            if not self.take(",") and not self.take("]"):
                self.fail()
            elif self.text[self.place - 1] == "]":
                break
        return values

    def members(self) -> dict[str, Literal]:
        values: dict[str, Literal] = {}
        while not self.take("}"):
            string = self.match(_STRING)
            name = unescape(string) if string is not None else self.match(_NAME)
            if name is None or not self.take(":"):
                self.fail()
            values[name] = self.value()
            if not self.take(",") and not self.take("}"):
                self.fail()
            elif self.text[self.place - 1] == "}":
                break
        return values


def unescape(string: str) -> str:
    """Return what a quoted JavaScript string says."""

    def escaped(found: re.Match[str]) -> str:
        code = found[1]
        if code[0] in "ux" and len(code) > 1:
            number = int(code[1:].strip("{}"), 16)
            character = chr(number) if number < 0x110000 else "�"
            return CONTROL.sub("�", character)
        return _ESCAPED.get(code, code)

    return _ESCAPE.sub(escaped, string[1:-1])
