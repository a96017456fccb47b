"""Addresses that a document asks for, given out without two parts ever holding the same one."""

from collections.abc import Callable, Collection, Sequence
from typing import Protocol, TypeVar

from stepwell.core.slugs import free_slug


class _Row(Protocol):
    key: str
    slug: str


R = TypeVar("R", bound=_Row)


def claim_slugs(
    wishes: Sequence[tuple[R, str]], taken: Collection[str], give: Callable[[R, str], object]
) -> list[R]:
    """Give each row the slug it asks for, or the next free one; return the rows that changed.

    Rows may exchange slugs: the one in the way gets its key as a slug until its own turn comes.
    """
    used = {*taken, *(row.slug for row, wish in wishes if not wish)}
    targets: list[tuple[R, str]] = []
    for row, wish in wishes:
        if wish:
            slug = wish if wish not in used else _free(wish, used, row.key)
            used.add(slug)
            targets.append((row, slug))
    holders = {row.slug: row for row, _wish in wishes}
    changed = [(row, slug) for row, slug in targets if row.slug != slug]
    for row, slug in changed:
        holder = holders.pop(slug, None)
        if holder is not None:
            give(holder, holder.key)
            holders[holder.key] = holder
        holders.pop(row.slug, None)
        give(row, slug)
        holders[slug] = row
    return [row for row, _slug in changed]


def _free(wish: str, used: Collection[str], fallback: str) -> str:
    return free_slug(wish, is_taken=used.__contains__, fallback=fallback)
