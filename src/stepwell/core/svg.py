"""SVG pictures: drawings only, no programs and no callers home."""

import re
from typing import IO, Any
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler, feature_external_ges, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser
from django.utils.translation import gettext as _

from stepwell.core.svg_parts import (
    ATTRIBUTES,
    ELEMENTS,
    NOTES,
    OF_XLINK,
    OF_XML,
    SVG,
    XLINK,
    XML,
)

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

    Elements and attributes must be on the lists of `svg_parts`. Entities and references to other
    files are refused; a link on a shape may lead to a web page, because it does nothing before it
    is clicked.
    """
    parser = DefusedExpatParser(forbid_external=False)  # a DOCTYPE names one; it is not fetched
    parser.setFeature(feature_external_ges, False)
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(_Inspector())
    try:
        parser.parse(stream)
    except SAXParseException as error:
        raise HostileSvg(_("The SVG is broken XML."), error.getLineNumber()) from error
    except (DefusedXmlException, SAXException) as error:
        raise HostileSvg(_("The SVG defines entities."), parser.getLineNumber()) from error
    except ValueError as error:  # of an encoding that the parser doesn't know
        raise HostileSvg(_("The SVG is in an odd encoding. Save it as UTF-8."), None) from error


Name = tuple[str | None, str]  # a namespace, and a name in it


class _Inspector(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self._style: str | None = None
        self._locator: object | None = None

    def startElementNS(  # noqa: N802  # SAX's name
        self,
        name: Name,
        qname: str | None,  # noqa: ARG002  # SAX's argument
        attrs: AttributesNSImpl,
    ) -> None:
        space, tag = name
        self._style = "" if tag == "style" else self._style
        if _is_note(space):
            return
        if space not in {None, SVG} or tag not in ELEMENTS:
            self._refuse(_("The SVG holds a <%(tag)s> element.") % {"tag": tag})
        for attribute, value in attrs.items():
            if not _is_note(attribute[0]):
                self._inspect(tag, attribute, value)

    def endElementNS(self, name: Name, qname: str | None) -> None:  # noqa: ARG002, N802  # SAX's name and arguments
        if name[1] == "style" and OUTSIDE.search(self._style or ""):
            self._refuse(_("The SVG's style refers to another file."))

    def characters(self, content: str) -> None:
        if self._style is not None:
            self._style += content  # a rule may come in pieces

    def processingInstruction(self, target: str, _data: str) -> None:  # noqa: N802  # SAX's name
        if target.lower() == "xml-stylesheet":
            self._refuse(_("The SVG's style refers to another file."))

    def _inspect(self, tag: str, name: Name, value: str) -> None:
        space, attribute = name
        if not _is_known(space, attribute):
            if attribute.lower().startswith("on"):
                self._refuse(_("The SVG holds an event handler (%(name)s).") % {"name": attribute})
            self._refuse(_("The SVG holds the attribute %(name)s.") % {"name": attribute})
        compact = re.sub(r"[\s\x00-\x1f]+", "", value).lower()
        if "javascript:" in compact or "vbscript:" in compact or "data:text" in compact:
            self._refuse(_("The SVG holds script in the attribute %(name)s.") % {"name": attribute})
        is_page = tag == "a" and re.match(r"(?i)\s*(?:https?:|mailto:)", value)
        if attribute == "href" and not is_page and not INSIDE.match(value):
            self._refuse(_("The SVG refers to another file: %(name)s") % {"name": value[:80]})
        # An animation could give a shape another address than the one that was looked at.
        if attribute == "attributeName" and "href" in compact:
            self._refuse(_("The SVG holds script in the attribute %(name)s.") % {"name": attribute})
        if OUTSIDE.search(value):
            self._refuse(_("The SVG's style refers to another file."))

    def _refuse(self, reason: str) -> None:
        locator: Any = self._locator  # set by the parser
        line = locator.getLineNumber() if locator is not None else None
        raise HostileSvg(reason, line)


def _is_note(space: str | None) -> bool:
    return space is not None and space.startswith(NOTES)


def _is_known(space: str | None, attribute: str) -> bool:
    if space in {None, SVG}:
        return attribute in ATTRIBUTES or attribute.startswith(("data-", "aria-"))
    return attribute in {XLINK: OF_XLINK, XML: OF_XML}.get(space or "", ())
