"""Every page of the real courses, where they lie beside the repository."""

from pathlib import Path

import pytest

from stepwell.core.markdown.links import find_links, rewrite_links
from stepwell.core.markdown.rendering import render_markdown

COURSES = Path(__file__).parents[4] / "shared" / "courses"
PAGES = sorted(path for path in COURSES.glob("*/**/*.md*") if path.suffix in {".md", ".mdx"})


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(COURSES)))
def test_real_page_renders_and_its_links_can_be_rewritten(path: Path) -> None:
    source = path.read_bytes().decode()
    links = find_links(source)
    originals = iter(links)

    page = render_markdown(source)
    rewritten = rewrite_links(source, lambda name: f"{name}/moved (1")
    restored = rewrite_links(rewritten, lambda _: next(originals).destination)

    assert "math-error" not in page.html
    assert not any(removed.is_hostile for removed in page.removed)
    assert [link.destination for link in find_links(restored)] == [
        link.destination for link in links
    ]
