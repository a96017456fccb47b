"""SVG pictures: drawings only, no programs and no callers home."""

import re
from typing import IO
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler, feature_external_ges
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser
from django.utils.translation import gettext as _

FORBIDDEN = {"script", "foreignobject", "iframe", "object", "embed", "handler", "listener"}
OUTSIDE = re.compile(r"(?i)@import|url\(\s*['\"]?\s*(?!#|data:image/|['\"]?\s*\))\S|javascript:")
INSIDE = re.compile(r"(?i)\A\s*(?:#|data:image/(?!svg)|\Z)")


class HostileSvg(Exception):
    """An SVG is more than a drawing, or none; `reason` is a sentence, `line` where it is so."""

    def __init__(self, reason: str, line: int | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def refuse_hostile_svg(stream: IO[bytes]) -> None:
    """Raise `HostileSvg` for an SVG that is more than a drawing.

    Scripts, event handlers, foreign objects, entities and references to other files are refused;
    a link on a shape may lead to a web page, because it does nothing before it is clicked.
    """
    parser = DefusedExpatParser(forbid_external=False)  # a DOCTYPE names one; it is not fetched
    parser.setFeature(feature_external_ges, False)
    parser.setContentHandler(_Inspector())
    try:
        parser.parse(stream)
    except SAXParseException as error:
        raise HostileSvg(_("The SVG is broken XML."), error.getLineNumber()) from error
    except (DefusedXmlException, SAXException) as error:
        raise HostileSvg(_("The SVG defines entities."), parser.getLineNumber()) from error
    except ValueError as error:  # of an encoding that the parser doesn't know
        raise HostileSvg(_("The SVG is in an odd encoding. Save it as UTF-8."), None) from error


class _Inspector(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self._style: str | None = None
        self._locator: object | None = None

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802  # SAX's name
        tag = _local(name)
        if tag in FORBIDDEN:
            self._refuse(_("The SVG holds a <%(tag)s> element.") % {"tag": tag})
        self._style = "" if tag == "style" else self._style
        for attribute, value in attrs.items():
            self._inspect(tag, attribute.lower(), value)

    def endElement(self, name: str) -> None:  # noqa: N802  # SAX's name
        if _local(name) == "style" and OUTSIDE.search(self._style or ""):
            self._refuse(_("The SVG's style refers to another file."))

    def characters(self, content: str) -> None:
        if self._style is not None:
            self._style += content  # a rule may come in pieces

    def processingInstruction(self, target: str, _data: str) -> None:  # noqa: N802  # SAX's name
        if target.lower() == "xml-stylesheet":
            self._refuse(_("The SVG's style refers to another file."))

    def _inspect(self, tag: str, attribute: str, value: str) -> None:
        compact = re.sub(r"[\s\x00-\x1f]+", "", value).lower()
        if re.fullmatch(r"on[a-z]+", attribute):  # with a prefix it would be no event handler
            self._refuse(_("The SVG holds an event handler (%(name)s).") % {"name": attribute})
        if "javascript:" in compact or "vbscript:" in compact or "data:text" in compact:
            self._refuse(_("The SVG holds script in the attribute %(name)s.") % {"name": attribute})
        is_page = tag == "a" and re.match(r"(?i)\s*(?:https?:|mailto:)", value)
        if _local(attribute) in {"href", "src"} and not is_page and not INSIDE.match(value):
            self._refuse(_("The SVG refers to another file: %(name)s") % {"name": value[:80]})
        if OUTSIDE.search(value):
            self._refuse(_("The SVG's style refers to another file."))

    def _refuse(self, reason: str) -> None:
        locator = self._locator
        line = locator.getLineNumber() if locator is not None else None  # type: ignore[attr-defined]  # set by the parser
        raise HostileSvg(reason, line)


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()
