"""Which HTML a page may hold. nh3 enforces it on everything that leaves this package."""

import nh3

from .addresses import SAFE_SCHEMES


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FORMULA_TAGS = _words(
    """annotation math menclose mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom
    mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder
    munderover none semantics"""
)
_FORMULA_ATTRIBUTES = _words(
    """accent accentunder columnalign columnlines columnspacing depth display displaystyle fence
    form frame height largeop linethickness lspace mathcolor mathsize mathvariant maxsize minsize
    movablelimits notation rowlines rowspacing rspace scriptlevel separator stretchy symmetric
    voffset width"""
)
TAGS = (
    _words(
        """a abbr address article aside audio b bdi bdo blockquote br caption cite code col colgroup
        dd del details dfn div dl dt em figcaption figure footer h2 h3 h4 h5 h6 header hgroup hr i
        img ins kbd li mark nav ol p picture pre q rp rt ruby s samp section small source span
        strike strong sub summary sup table tbody td tfoot th thead time tr track u ul var video
        wbr"""
    )
    | _FORMULA_TAGS
)
VOID_TAGS = frozenset({"br", "col", "hr", "img", "source", "track", "wbr"})
# What authors may use; the parts of our own making are added below.
ATTRIBUTES: dict[str, frozenset[str]] = {
    "*": frozenset({"dir", "id", "lang", "title"}),
    "a": frozenset({"href"}),
    "audio": frozenset({"controls", "preload", "src"}),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    "del": frozenset({"datetime"}),
    "details": frozenset({"open"}),
    "img": frozenset({"alt", "height", "src", "width"}),
    "ins": frozenset({"datetime"}),
    "li": frozenset({"value"}),
    "ol": frozenset({"reversed", "start", "type"}),
    "source": frozenset({"src", "type"}),
    "td": frozenset({"colspan", "headers", "rowspan"}),
    "th": frozenset({"abbr", "colspan", "headers", "rowspan", "scope"}),
    "time": frozenset({"datetime"}),
    "track": frozenset({"default", "kind", "label", "src", "srclang"}),
    "video": frozenset({"controls", "height", "poster", "preload", "src", "width"}),
    **dict.fromkeys(_FORMULA_TAGS, _FORMULA_ATTRIBUTES),
}
_OWN_ATTRIBUTES: dict[str, frozenset[str]] = {
    "*": frozenset({"aria-label", "class", "role", "tabindex"}),
    "a": frozenset({"rel"}),
    "figure": frozenset({"data-language", "data-video"}),
    "img": frozenset({"decoding", "loading"}),
    "input": frozenset({"checked"}),
    "span": frozenset({"data-video"}),
}
# Known to HTML and refused here; any other name in angle brackets is shown as the text it is.
REFUSED_TAGS = _words(
    """acronym applet area base basefont bgsound big blink body button canvas center data datalist
    dialog dir embed fieldset font form frame frameset h1 head html iframe input keygen label legend
    link main map marquee menu meta meter nobr noembed noframes noscript object optgroup option
    output param plaintext portal progress rb rtc script search select slot style svg template
    textarea title tt xmp"""
)
# Presentation, or a promise that the page makes by itself: not worth a line in a report.
QUIET_ATTRIBUTES = _words(
    """align allow allowfullscreen alt background bgcolor border bordercolor cellpadding cellspacing
    cite class clear color compact crossorigin decoding face frame frameborder height hspace loading
    marginheight marginwidth name noshade nowrap playsinline preload referrerpolicy rel role rules
    scrolling size sizes style summary target valign vspace width xmlns"""
)
_FORBIDDEN_CONTENT = {"script", "style"}

_CLEANER = nh3.Cleaner(
    tags=set(TAGS | {"input"}),
    clean_content_tags=_FORBIDDEN_CONTENT,
    attributes={
        tag: {*ATTRIBUTES.get(tag, ()), *_OWN_ATTRIBUTES.get(tag, ())}
        for tag in ATTRIBUTES | _OWN_ATTRIBUTES
    },
    tag_attribute_values={"input": {"type": {"checkbox"}}},
    set_tag_attribute_values={"input": {"disabled": ""}},
    url_schemes=set(SAFE_SCHEMES - {""}),
    link_rel=None,
)


def sanitized(html: str) -> str:
    return _CLEANER.clean(html)
