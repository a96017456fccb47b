import pytest

from stepwell.core.markdown.links import Body
from stepwell.transfer.errors import UnreadableSource
from stepwell.transfer.links import (
    LocalLink,
    encode,
    is_local,
    locate,
    read_source_link,
    relative_link,
    rewrite,
    source_link,
)


@pytest.mark.parametrize("destination", ["x.md", "../x.md#a", "/x.md", "a b.md", "x.md?raw=1"])
def test_paths_are_local(destination: str) -> None:
    assert is_local(destination)


@pytest.mark.parametrize(
    "destination", ["", "#a", "https://x.org", "mailto:a@b.c", "//x.org/y", "lesson:abc", "C:/x"]
)
def test_addresses_and_anchors_are_not_local(destination: str) -> None:
    assert not is_local(destination)


@pytest.mark.parametrize(
    ("destination", "path", "anchor"),
    [
        ("x.md", "a/b/x.md", ""),
        ("../x.md#part", "a/x.md", "part"),
        ("./c/../x.png", "a/b/x.png", ""),
        ("/top.md", "top.md", ""),
        ("my%20file.md", "a/b/my file.md", ""),
        ("my file.md", "a/b/my file.md", ""),
        ("../../", ".", ""),
    ],
)
def test_a_destination_is_located_below_the_root(destination: str, path: str, anchor: str) -> None:
    link = locate(destination, base="a/b/page.md")
    assert (link.path, link.anchor) == (path, anchor)


@pytest.mark.parametrize(
    "destination", ["../../../x", "/../x", "%2e%2e/%2e%2e/%2e%2e/x", "a/../../../../x"]
)
def test_a_destination_that_climbs_out_is_refused(destination: str) -> None:
    with pytest.raises(UnreadableSource, match=r"a/b/page\.md, line 7: .*out of the folder"):
        locate(destination, base="a/b/page.md", line=7)


@pytest.mark.parametrize("path", ["a/b.md", "a b (c).md", "50%.md", "x#y?.md", "日本/é.md", "a:b"])
def test_a_canonical_link_gives_its_path_back(path: str) -> None:
    assert read_source_link(source_link(path, "#part")) == LocalLink(path, "#part")


def test_other_links_are_not_canonical() -> None:
    assert read_source_link("https://example.org") is None


def test_a_relative_link_starts_at_its_file() -> None:
    link = LocalLink("assets/my file.png")
    assert relative_link(link, base="01-a/02-b/lesson.md") == "../../assets/my%20file.png"
    assert relative_link(LocalLink("01-a/03-c.md", "#x"), base="01-a/02-b.md") == "03-c.md#x"


def test_a_link_that_cannot_be_written_in_place_stays_alone() -> None:
    body = "[a](one.md) [x](bad.md) [b](two.md)"
    new = {"one.md": "1.md", "bad.md": "control\x01.md", "two.md": "2.md"}
    rewritten, stuck = rewrite(Body(body), new.get)
    assert (rewritten.source, stuck) == ("[a](1.md) [x](bad.md) [b](2.md)", ["bad.md"])


def test_encoding_keeps_letters_readable() -> None:
    assert encode("über/日本 (1).md") == "über/日本%20%281%29.md"
