import io

import pytest

from stepwell.core.svg import HostileSvg, refuse_hostile_svg

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
EVENTS = 'xmlns:ev="http://www.w3.org/2001/xml-events"'
HARMLESS = [
    '<svg xmlns="http://www.w3.org/2000/svg"><rect fill="url(#g)"/></svg>',
    '<svg><a href="https://example.org/"><text>x</text></a></svg>',
    f'<svg {XLINK}><use xlink:href="#part"/></svg>',
    '<svg><image href="data:image/png;base64,AAAA"/></svg>',
    '<svg xmlns:i="http://www.inkscape.org/namespaces/inkscape"><i:grid onclick="no event here"/>'
    '<path i:label="true" i:onload="true"/></svg>',
    '<svg aria-label="Steps" data-name="a" xml:space="preserve"><title>x</title></svg>',
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
    '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"><svg/>',
    "<svg><style>a { fill: red }</style></svg>",
]
HOSTILE = {
    "script": "<svg>\n<script>alert(1)</script></svg>",
    "prefixed script": '<s:svg xmlns:s="http://www.w3.org/2000/svg">\n<s:script/></s:svg>',
    "event handler": '<svg>\n<rect onclick="alert(1)"/></svg>',
    "javascript link": '<svg>\n<a href=" java\tscript:alert(1)"/></svg>',
    "javascript by animation": '<svg>\n<set attributeName="href" to="javascript:x"/></svg>',
    "foreign object": "<svg>\n<foreignObject/></svg>",
    "outer image": '<svg>\n<image href="https://example.org/x.png"/></svg>',
    "outer use": f'<svg {XLINK}>\n<use xlink:href="other.svg#x"/></svg>',
    "svg in svg": '<svg>\n<image href="data:image/svg+xml,x"/></svg>',
    "outer style": '<svg>\n<rect style="fill: url(https://example.org/x)"/></svg>',
    "import": "<svg>\n<style>@import 'x.css';</style></svg>",
    "stylesheet": '<?xml version="1.0"?>\n<?xml-stylesheet href="x.css"?><svg/>',
    "entity bomb": '<!DOCTYPE svg [\n<!ENTITY a "x"><!ENTITY b "&a;&a;">]><svg>&b;</svg>',
    "outer entity": '<!DOCTYPE svg [\n<!ENTITY a SYSTEM "file:///etc/hostname">]><svg>&a;</svg>',
    "element of HTML": '<svg xmlns:h="http://www.w3.org/1999/xhtml">\n<h:b/></svg>',
    "script of HTML": '<svg xmlns:h="http://www.w3.org/1999/xhtml">\n<h:script src="x"/></svg>',
    "namespace of HTML": '<svg>\n<g xmlns="http://www.w3.org/1999/xhtml"/></svg>',
    "unknown namespace": '<svg xmlns:i="x">\n<path i:a="true"/></svg>',
    "unknown element": "<svg>\n<dialog/></svg>",
    "unknown attribute": '<svg>\n<rect formaction="x"/></svg>',
    "handler of XML events": f'<svg {EVENTS}>\n<g ev:event="click"/></svg>',
    "other base": '<svg>\n<g xml:base="https://example.org/"/></svg>',
    "animated address": '<svg>\n<set attributeName="xlink:href" to="#a"/></svg>',
    "broken": "<svg>\n<rect></svg>",
}


@pytest.mark.parametrize("svg", HARMLESS)
def test_a_drawing_is_accepted(svg: str) -> None:
    refuse_hostile_svg(io.BytesIO(svg.encode()))


@pytest.mark.parametrize("svg", HOSTILE.values(), ids=list(HOSTILE))
def test_more_than_a_drawing_is_refused_with_its_line(svg: str) -> None:
    with pytest.raises(HostileSvg, match="The SVG") as refused:
        refuse_hostile_svg(io.BytesIO(svg.encode()))

    assert refused.value.line == 2
