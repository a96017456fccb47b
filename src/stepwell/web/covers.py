"""Drawn covers: flights of steps in a palette of the course's own, always the same for one key."""

import hashlib
from dataclasses import dataclass

WIDTH, HEIGHT = 400, 225

# Hues, in OKLCH degrees, of distance and of what is near: pairs that go well with paper and ink.
HUES = (
    (75, 200),
    (230, 250),
    (320, 315),
    (45, 25),
    (160, 200),
    (20, 5),
    (105, 130),
    (195, 60),
    (265, 285),
    (85, 350),
    (140, 155),
    (30, 260),
)


@dataclass(frozen=True)
class Flight:
    """One flight of steps: the outline of its silhouette as an SVG path."""

    path: str
    color: str


@dataclass(frozen=True)
class Cover:
    """A course's drawing: a sky, a sun, and flights of steps, far ones first."""

    sky: str
    sun_color: str
    sun_x: int
    sun_y: int
    sun_radius: int
    flights: tuple[Flight, ...]


def draw_cover(key: str) -> Cover:
    """Return the drawing for a course key."""
    seed = hashlib.sha256(key.encode()).digest()
    far, near = HUES[seed[0] % len(HUES)]
    layers = (
        f"oklch(0.8 0.055 {far})",
        f"oklch(0.68 0.085 {far})",
        f"oklch(0.37 0.06 {near})",
    )
    return Cover(
        sky=f"oklch(0.915 0.028 {far})",
        sun_color="oklch(0.97 0.02 85)",
        sun_x=60 + seed[1] * 280 // 255,
        sun_y=45 + seed[2] * 50 // 255,
        sun_radius=16 + seed[3] * 22 // 255,
        flights=tuple(
            Flight(_silhouette(seed[4 + depth * 4 : 8 + depth * 4], depth), color)
            for depth, color in enumerate(layers)
        ),
    )


def _silhouette(seed: bytes, depth: int) -> str:
    """Draw one flight across the picture; nearer ones are lower and have fewer, larger steps."""
    count = 5 + seed[0] % 5 + (2 - depth) * 2
    low, high = 28 + (2 - depth) * 34, 78 + (2 - depth) * 42 + seed[1] % 30
    turn = 1 + seed[3] % (count - 1)
    path = f"M0 {HEIGHT}"
    for place in range(count):
        # Each flight climbs to its turn and descends behind it, as in a real stepwell.
        climb = place / turn if place <= turn else (count - 1 - place) / max(count - 1 - turn, 1)
        if seed[2] % 2:
            climb = 1 - climb
        top = HEIGHT - round(low + (high - low) * climb)
        path += f"V{top}H{round((place + 1) * WIDTH / count)}"
    return f"{path}V{HEIGHT}Z"
