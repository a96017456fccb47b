"""How a wish to move something in the outline becomes the neighbor that it comes in front of."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from stepwell.courses.errors import OutlineChanged
from stepwell.courses.queries import TreeModule


def wanted_neighbor(wish: Mapping[str, str], key: str, order: Sequence[str]) -> str:
    """Return the key in front of which `key` is to come; empty for the end.

    `wish` holds a `way`, "up" or "down", or that neighbor as `before`. What stands at an end
    already stays there. Raises `OutlineChanged`.
    """
    way = wish.get("way")
    if way not in {"up", "down"}:
        return wish.get("before", "")
    if key not in order:
        raise OutlineChanged
    place = order.index(key)
    if way == "up":
        return order[max(place - 1, 0)] if place else _after(order, place)
    return order[place + 2] if place + 2 < len(order) else ""


def _after(order: Sequence[str], place: int) -> str:
    return order[place + 1] if place + 1 < len(order) else ""


def wanted_place(wish: Mapping[str, str], key: str, tree: Sequence[TreeModule]) -> tuple[str, str]:
    """Return the module, and the lesson there in front of which `key` is to come, or nothing.

    Above a module's first lesson is the end of the module before, below its last the beginning of
    the next. Raises `OutlineChanged`.
    """
    if wish.get("way") not in {"up", "down"}:
        return wish.get("module", ""), wish.get("before", "")
    keys = [(module.key, [lesson.key for lesson in module.lessons]) for module in tree]
    home, order = next(((home, order) for home, order in keys if key in order), ("", []))
    if not home:
        raise OutlineChanged
    if wish["way"] == "up" and order[0] == key:
        above = next((one for one, two in pairwise(keys) if two[0] == home), None)
        return (above[0], "") if above else (home, _after(order, 0))
    if wish["way"] == "down" and order[-1] == key:
        below = next((two for one, two in pairwise(keys) if one[0] == home), None)
        return (below[0], next(iter(below[1]), "")) if below else (home, "")
    return home, wanted_neighbor(wish, key, order)


def opened_menu(wish: Mapping[str, str], key: str) -> str:
    """Return the key whose menu stays open: of what was moved by a button there."""
    return key if "way" in wish and "keys" not in wish else ""


def place_of(row: Any, siblings: Any) -> int:
    """Return the position of a module or lesson among its active siblings, from 1."""
    count: int = siblings.filter(archived_at=None, position__lte=row.position).count()
    return count
