import io

import pytest

from stepwell.core.svg import HostileSvg, refuse_hostile_svg

HARMLESS = [
    '<svg xmlns="http://www.w3.org/2000/svg"><rect fill="url(#g)"/></svg>',
    '<svg><a href="https://example.org/"><text>x</text></a></svg>',
    '<svg xmlns:xlink="x"><use xlink:href="#part"/></svg>',
    '<svg><image href="data:image/png;base64,AAAA"/></svg>',
    '<svg xmlns:i="x"><path i:only_selected="true" i:onload="true"/></svg>',
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
    "outer use": '<svg xmlns:xlink="x">\n<use xlink:href="other.svg#x"/></svg>',
    "svg in svg": '<svg>\n<image href="data:image/svg+xml,x"/></svg>',
    "outer style": '<svg>\n<rect style="fill: url(https://example.org/x)"/></svg>',
    "import": "<svg>\n<style>@import 'x.css';</style></svg>",
    "stylesheet": '<?xml version="1.0"?>\n<?xml-stylesheet href="x.css"?><svg/>',
    "entity bomb": '<!DOCTYPE svg [\n<!ENTITY a "x"><!ENTITY b "&a;&a;">]><svg>&b;</svg>',
    "outer entity": '<!DOCTYPE svg [\n<!ENTITY a SYSTEM "file:///etc/hostname">]><svg>&a;</svg>',
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
