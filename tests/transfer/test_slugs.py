from dataclasses import dataclass

from stepwell.transfer.slugs import claim_slugs


@dataclass(eq=False)
class Row:
    key: str
    slug: str


class Rows:
    """Rows that never let two hold the same slug, as the database."""

    def __init__(self, *rows: Row) -> None:
        self.rows = rows

    def give(self, row: Row, slug: str) -> None:
        assert slug not in {other.slug for other in self.rows if other is not row}
        row.slug = slug


def claim(rows: list[Row], wishes: list[str], taken: set[str] | None = None) -> list[Row]:
    return claim_slugs(list(zip(rows, wishes, strict=True)), taken or set(), Rows(*rows).give)


def test_a_wish_is_granted_as_it_is_written() -> None:
    row = Row("k1", "a")
    assert claim([row], ["My_Slug"]) == [row]
    assert row.slug == "My_Slug"


def test_no_wish_keeps_the_slug() -> None:
    row = Row("k1", "a")
    assert claim([row], [""]) == []
    assert row.slug == "a"


def test_a_taken_slug_gives_a_free_one_and_stays_so() -> None:
    row = Row("k1", "b")
    claim([row], ["a"], {"a"})
    assert row.slug == "a-2"
    assert claim([row], ["a"], {"a"}) == []


def test_a_slug_held_without_a_wish_is_taken() -> None:
    one, two = Row("k1", "a"), Row("k2", "b")
    claim([one, two], ["", "a"])
    assert (one.slug, two.slug) == ("a", "a-2")


def test_two_rows_exchange_slugs() -> None:
    one, two = Row("k1", "a"), Row("k2", "b")
    assert claim([one, two], ["b", "a"]) == [one, two]
    assert (one.slug, two.slug) == ("b", "a")


def test_three_rows_pass_slugs_on() -> None:
    rows = [Row("k1", "a"), Row("k2", "b"), Row("k3", "c")]
    claim(rows, ["b", "c", "a"])
    assert [row.slug for row in rows] == ["b", "c", "a"]
