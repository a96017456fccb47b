"""MDX as Hugging Face writes it: components, conditions, `\\\\(…\\\\)`, `[[anchors]]`."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from stepwell.transfer.dialects import Converted
from stepwell.transfer.dialects.components import COMPONENTS, Place, unknown_component
from stepwell.transfer.dialects.containers import closing, nest_fences, opening
from stepwell.transfer.dialects.pictures import INLINE, destination, image
from stepwell.transfer.dialects.tags import Tag, read_tag
from stepwell.transfer.findings import Finding, FindingKind
from stepwell.transfer.source_text import Lines, SourceLine, single_spaced, with_code_marked

FRAMEWORKS = {"pt": "PyTorch", "tf": "TensorFlow"}
_CONDITION = re.compile(r"\{#if|\{:else|\{/if")
_TEST = re.compile(r"fw\s*===?\s*['\"](?P<name>\w+)['\"]\Z")
_INLINE_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_START = re.compile(
    r"(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
    r"|\{#if\s+(?P<test>[^}]*)\}|\{:else\}|\{/if\}"
    r"|</?(?:[A-Z][A-Za-z0-9]*|hfoptions?|iframe|div|center|img|a)(?=[\s/>]|$)"
)
_PREFIX = re.compile(r"[ \t]*(?:>[ \t]?)*[ \t]*")
_ANCHOR = re.compile(r"^(?P<heading>\s{0,3}#{1,6}\s.*?)\s*\[\[(?P<anchor>[^\[\]]+)\]\]\s*$")
_MATHS = re.compile(r"\\\\\(\s*(?P<tex>.+?)\s*\\\\\)")
# Up to the next blank line Markdown would not be read behind one of these.
_HTML_BLOCK = re.compile(
    r"[ \t>]*</?(?:address|article|aside|blockquote|caption|dd|details|dir|dl|dt|fieldset"
    r"|figcaption|figure|footer|h[1-6]|header|hr|li|main|nav|ol|p|section|summary|ul)(?=[\s/>]|$)"
)
_LONGEST_TAG = 400  # lines


def convert_mdx(lines: Lines, path: str) -> Converted:
    """Turn MDX into Stepwell Markdown; every component stays visible in one form or another."""
    rewriter = _Rewriter(path)
    rewriter.rewrite(lines)
    polished = [
        line if is_code else replace(line, text=_polish(line.text))
        for line, is_code in with_code_marked(rewriter.result)
    ]
    nested = nest_fences(polished, path)
    return Converted(single_spaced(nested.lines), (*rewriter.findings, *nested.findings))


def _polish(text: str) -> str:
    if heading := _ANCHOR.match(text):
        text = heading["heading"]
    return _outside_code(text, lambda piece: _MATHS.sub(r"$\g<tex>$", piece))


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    pieces, end = [], 0
    for code in _INLINE_CODE.finditer(text):
        pieces += [change(text[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*pieces, change(text[end:])])


@dataclass
class _Rewriter:
    """Walks the text once and replaces tags and conditions in place."""

    path: str
    result: list[SourceLine] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    frames: int = 0
    in_table: bool = False
    in_html: bool = False

    def rewrite(self, lines: Lines) -> None:
        marked = list(with_code_marked(lines))
        place = 0
        while place < len(marked):
            line, is_code = marked[place]
            place += 1
            if is_code or self._is_table(line.text):
                self.result.append(line)
                continue
            text = line.text
            self.in_html = bool(text.strip()) and (self.in_html or bool(_HTML_BLOCK.match(text)))
            reach = place + (_LONGEST_TAG if "<" in text else 0)  # nothing but tags goes on below
            rest = [other.text for other, _is_code in marked[place:reach]]
            place += self._line(text, line.number, rest)
        for address in self.addresses:
            self.findings.append(Finding(FindingKind.LINK_BROKEN, self.path, None, address))

    def _is_table(self, text: str) -> bool:
        """Leave HTML tables alone: Markdown inside them would not be read."""
        was_in_table = self.in_table
        if "<table" in text:
            self.in_table = True
        if "</table>" in text:
            self.in_table, was_in_table = False, True
        return self.in_table or was_in_table

    def _line(self, text: str, number: int, rest: list[str]) -> int:
        """Rewrite one line, and those that its tags reach into; return how many were used up."""
        prefix = _PREFIX.match(text)
        indent = prefix[0] if prefix and not self.frames else ""
        text = text.lstrip() if self.frames else text  # indented HTML is no code block
        done, end, used, is_changed = "", 0, 0, False
        while (found := _next_start(text, end)) is not None:
            start = found.start()
            if _CONDITION.match(found[0]):
                done = self._flush(done + text[end:start], indent, number)
                self._condition(found, indent, number + used)
                end, is_changed = found.end(), True
                continue
            whole = "\n".join([text[start:], *rest[used:]])
            tag = read_tag(whole, 0)
            if tag is None or _runs_script(tag):
                done, end = done + text[end : found.end()], found.end()
                continue
            place = Place(self.path, number + used, indent)
            done += text[end:start]
            if tag.name in INLINE:
                done += self._inline(tag, place, whole[: tag.end].replace("\n", " "))
            else:
                done = self._flush(done, indent, number)
                self._block(tag, place)
            taken = whole.count("\n", 0, tag.end)
            used, is_changed = used + taken, True
            if taken:  # go on behind the tag, in its last line
                text, end = whole[tag.end :].partition("\n")[0], 0
            else:
                end = start + tag.end
        line = done + text[end:]
        if not is_changed or line.strip(" \t>"):
            self.result.append(SourceLine(line, number))
        elif not self.addresses:  # a blank line would end the link
            self.result.append(SourceLine(indent.rstrip(), number))
        return used

    def _inline(self, tag: Tag, place: Place, source: str) -> str:
        if tag.name == "img":
            picture = image(tag, place, self.findings)
            return source if self.in_html and picture else picture
        if self.in_html and not self.addresses:
            return source
        if not tag.is_closing:
            self.addresses.append(tag.attributes.get("href", ""))
            return "["
        return f"]({destination(self.addresses.pop())})" if self.addresses else ""

    def _flush(self, done: str, indent: str, number: int) -> str:
        if done.strip(" \t>"):
            self.result.append(SourceLine(done, number))
            self.result.append(SourceLine(indent.rstrip(), number))
        return indent

    def _block(self, tag: Tag, place: Place) -> None:
        if tag.name == "div":
            self.frames = max(0, self.frames - 1) if tag.is_closing else self.frames + 1
        self.in_html = False  # a blank line follows
        component = COMPONENTS.get(tag.name, unknown_component)
        lines = component(tag, place, self.findings)
        blank = SourceLine(place.prefix.rstrip(), place.line)
        self.result += [blank, *lines, blank] if lines else []

    def _condition(self, found: re.Match[str], prefix: str, number: int) -> None:
        blank = SourceLine(prefix.rstrip(), number)
        if found["test"] is not None:
            test = _TEST.match(found["test"].strip())
            name = test["name"] if test else found["test"].strip()
            self.conditions.append(name)
            self.findings.append(
                Finding(FindingKind.COMPONENT_REPLACED, self.path, number, found[0])
            )
            title = FRAMEWORKS.get(name, name)
            self.result += [blank, opening(prefix, "example", title, number), blank]
        elif found[0] == "{:else}" and self.conditions:
            title = _other(self.conditions[-1])
            self.result += [
                blank,
                closing(prefix, number),
                blank,
                opening(prefix, "example", title, number),
                blank,
            ]
        elif self.conditions:
            self.conditions.pop()
            self.result += [blank, closing(prefix, number), blank]
        else:
            self.findings.append(Finding(FindingKind.BLOCK_UNBALANCED, self.path, number, found[0]))


def _other(name: str) -> str:
    others = [title for short, title in FRAMEWORKS.items() if short != name]
    return others[0] if name in FRAMEWORKS else _("Otherwise")


def _runs_script(tag: Tag) -> bool:
    """Whether a tag would run script: it stays as it is, to be found and refused."""
    addresses = (re.sub(r"[\x00-\x20]+", "", value).lower() for value in tag.attributes.values())
    return any(name.lower().startswith("on") for name in tag.attributes) or any(
        address.startswith(("javascript:", "vbscript:")) for address in addresses
    )


def _next_start(text: str, place: int) -> re.Match[str] | None:
    """Return the next tag or condition that is no inline code."""
    while found := _START.search(text, place):
        if found["code"] is None:
            return found
        place = found.end()
    return None
