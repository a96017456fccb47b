"""Whether a color can be read on our paper, by day and by night.

Contrast is that of WCAG 2.2: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
"""

import re
from dataclasses import dataclass

Color = tuple[int, int, int]

PAPER = (249, 246, 240)  # --paper and --paper-sunk by day, the darker one
NIGHT = (30, 28, 25)  # --paper-raised by night, the lighter one
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
ENOUGH = 4.5
_HEX = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class Palette:
    """An accent in the shades that pages use, as CSS colors."""

    day: str
    day_deep: str
    night: str
    night_deep: str


def read_color(text: str) -> Color | None:
    """Return the color that `#rrggbb` names; None for anything else."""
    if not _HEX.fullmatch(text):
        return None
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:], 16)


def write_color(color: Color) -> str:
    """Return a color as `#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*color)


def contrast(one: Color, other: Color) -> float:
    """Return the contrast of two colors, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def nearest_readable(color: Color) -> Color:
    """Return the color itself or the nearest darker one that can be read on our paper."""
    return _mixed_until_readable(color, BLACK, PAPER)


def palette(color: Color) -> Palette:
    """Return the shades of an accent, all of them readable where they are used."""
    day = nearest_readable(color)
    night = _mixed_until_readable(day, WHITE, NIGHT)
    return Palette(
        day=write_color(day),
        day_deep=write_color(_mix(day, BLACK, 0.2)),
        night=write_color(night),
        night_deep=write_color(_mix(night, WHITE, 0.3)),
    )


def _mixed_until_readable(color: Color, with_color: Color, ground: Color) -> Color:
    shades = (_mix(color, with_color, step / 50) for step in range(51))
    return next(shade for shade in shades if contrast(shade, ground) >= ENOUGH)


def _mix(color: Color, other: Color, share: float) -> Color:
    red, green, blue = (
        round(one + (two - one) * share) for one, two in zip(color, other, strict=True)
    )
    return red, green, blue


def _luminance(color: Color) -> float:
    red, green, blue = (_linear(value / 255) for value in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
