"""What a drawing in SVG may hold: the lists that `core.svg` checks by.

Elements and attributes are those of SVG 1.1 (https://www.w3.org/TR/SVG11/) and SVG 2
(https://www.w3.org/TR/SVG2/) without scripts, events, foreign objects and cursors, and the flowed
text and mesh gradients of drafts of SVG 1.2 and 2 that a common drawing program writes.
"""

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"

_ELEMENTS = """
    a animate animateColor animateMotion animateTransform circle clipPath defs desc ellipse feBlend
    feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting
    feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
    feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight
    feSpecularLighting feSpotLight feTile feTurbulence filter flowDiv flowLine flowPara flowRegion
    flowRoot flowSpan font font-face font-face-name font-face-src g glyph hatch hatchpath hkern
    image line linearGradient marker mask mesh meshgradient meshpatch meshrow metadata
    missing-glyph mpath path pattern polygon polyline radialGradient rect set solidcolor stop style
    svg switch symbol text textPath title tref tspan use view vkern
"""
ELEMENTS = frozenset(_ELEMENTS.split())

_ATTRIBUTES = """
    accent-height accumulate additive alignment-baseline alphabetic amplitude arabic-form ascent
    attributeName attributeType azimuth baseFrequency baseProfile baseline-shift bbox begin bias by
    calcMode cap-height class clip clip-path clip-rule clipPathUnits color color-interpolation
    color-interpolation-filters color-profile color-rendering contentScriptType contentStyleType
    crossorigin cx cy d decelerate decoding descent diffuseConstant direction display divisor
    dominant-baseline dur dx dy edgeMode elevation enable-background end exponent fill fill-opacity
    fill-rule filter filterRes filterUnits flood-color flood-opacity font font-family
    font-feature-settings font-size font-size-adjust font-stretch font-style font-variant
    font-variant-caps font-variant-east-asian font-variant-ligatures font-variant-numeric
    font-weight format fr from fx fy g1 g2 glyph-name glyph-orientation-horizontal
    glyph-orientation-vertical gradientTransform gradientUnits hanging height horiz-adv-x
    horiz-origin-x horiz-origin-y href hreflang id ideographic image-rendering in in2 inline-size
    intercept isolation k k1 k2 k3 k4 kernelMatrix kernelUnitLength kerning keyPoints keySplines
    keyTimes lang lengthAdjust letter-spacing lighting-color limitingConeAngle line-height local
    marker marker-end marker-mid marker-start markerHeight markerUnits markerWidth mask mask-type
    maskContentUnits maskUnits mathematical max media method min mix-blend-mode mode name
    numOctaves offset opacity operator order orient orientation origin overflow overline-position
    overline-thickness paint-order panose-1 path pathLength patternContentUnits patternTransform
    patternUnits pointer-events points pointsAtX pointsAtY pointsAtZ preserveAlpha
    preserveAspectRatio primitiveUnits r radius refX refY rel rendering-intent repeatCount
    repeatDur requiredExtensions requiredFeatures restart result role rotate rx ry scale seed
    shape-inside shape-margin shape-padding shape-rendering side slope solid-color solid-opacity
    spacing specularConstant specularExponent spreadMethod startOffset stdDeviation stemh stemv
    stitchTiles stop-color stop-opacity strikethrough-position strikethrough-thickness string
    stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit
    stroke-opacity stroke-width style surfaceScale systemLanguage tabindex tableValues target
    targetX targetY text-align text-anchor text-decoration text-decoration-color
    text-decoration-line text-decoration-style text-indent text-orientation text-overflow
    text-rendering textLength title to transform transform-box transform-origin type u1 u2
    underline-position underline-thickness unicode unicode-bidi unicode-range units-per-em
    v-alphabetic v-hanging v-ideographic v-mathematical values vector-effect version vert-adv-y
    vert-origin-x vert-origin-y viewBox viewTarget visibility white-space width widths
    word-spacing writing-mode x x-height x1 x2 xChannelSelector y y1 y2 yChannelSelector z
    zoomAndPan
"""
ATTRIBUTES = frozenset(_ATTRIBUTES.split())

# `xml:base` is missing: it would turn references within the file into ones to other files.
OF_XLINK = frozenset({"actuate", "arcrole", "href", "role", "show", "title", "type"})
OF_XML = frozenset({"id", "lang", "space"})

# Notes of drawing programs, which browsers ignore. They begin so.
NOTES = (
    "http://www.inkscape.org/namespaces/",
    "http://sodipodi.sourceforge.net/",
    "http://inkscape.sourceforge.net/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://purl.org/dc/",
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
    "http://ns.adobe.com/",
    "http://www.bohemiancoding.com/sketch/",
    "http://www.serif.com/",
    "http://vectornator.io",
    "http://www.figma.com/",
    "https://boxy-svg.com",
    "http://krita.org/namespaces/",
    "http://www.calligra.org/",
    "http://schemas.microsoft.com/visio/",
    "http://xml.openoffice.org/svg/export",
    "http://www.openswatchbook.org/",
)
