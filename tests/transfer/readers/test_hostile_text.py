"""Text that would harm readers or the machine, in every layout."""

import pytest

from stepwell.transfer.errors import UnreadableSource
from stepwell.transfer.folder import SourceFolder
from stepwell.transfer.readers import read_course
from tests.transfer.folders import WriteFiles

LAYOUTS: dict[str, tuple[dict[str, str], str, int]] = {
    "stepwell": (
        {"course.md": "---\ntitle: A\n---\n", "01-a/module.md": "---\ntitle: M\n---\n"},
        "01-a/01-b.md",
        5,
    ),
    "numbered": ({"README.md": "# A\n"}, "01-a/README.md", 5),
    "carpentries": ({"config.yaml": "title: A\n"}, "episodes/a.md", 5),
    "toctree": (
        {"_toctree.yml": "- title: A\n  sections:\n  - local: a/1\n    title: One\n"},
        "a/1.mdx",
        5,
    ),
}
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "handler": '<img src="a.png" onerror="alert(1)">',
    "javascript link": "[x](javascript:alert(1))",
    "javascript in HTML": '<a href="java&#9;script:alert(1)">x</a>',
    "climbing image": "![x](../../../../../etc/hostname)",
    "climbing link": "[x](../../../secret.md)",
    "encoded climbing link": "[x](%2e%2e/%2e%2e/%2e%2e/secret.md)",
    "climbing definition": "[x][y]\n\n[y]: ../../../secret.md",
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_it_is_refused_naming_file_and_line(
    write_files: WriteFiles, layout: str, hostile: str
) -> None:
    files, path, line = LAYOUTS[layout]
    text = f"---\ntitle: One\n---\n\n{HOSTILE[hostile]}\n"
    folder = SourceFolder(write_files({**files, path: text}))
    place = line + (2 if hostile == "climbing definition" else 0)
    with pytest.raises(UnreadableSource) as caught:
        read_course(folder)
    assert (caught.value.data["path"], caught.value.data["line"]) in {(path, line), (path, place)}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_hostile_picture_is_refused(write_files: WriteFiles, layout: str) -> None:
    files, path, _line = LAYOUTS[layout]
    folder = write_files(
        {
            **files,
            path: "---\ntitle: One\n---\n\n![x](/assets/x.svg)\n",
            "assets/x.svg": "<svg>\n<script/></svg>",
        }
    )
    with pytest.raises(UnreadableSource, match=r"assets/x\.svg, line 2"):
        read_course(SourceFolder(folder))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("content", [b"---\ntitle: \xff\n---\n", b"---\na: b: c\n---\n"])
def test_broken_text_is_refused(write_files: WriteFiles, layout: str, content: bytes) -> None:
    files, path, _line = LAYOUTS[layout]
    with pytest.raises(UnreadableSource, match=f"{path}, line 2"):
        read_course(SourceFolder(write_files({**files, path: content})))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f"])
def test_a_control_character_is_refused(
    write_files: WriteFiles, layout: str, character: str
) -> None:
    files, path, _line = LAYOUTS[layout]
    folder = write_files({**files, path: f"Text\r\n\nMore {character}\n"})
    with pytest.raises(UnreadableSource, match=f"{path}, line 3: .*control character"):
        read_course(SourceFolder(folder))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_title_with_half_a_character_is_refused(write_files: WriteFiles, layout: str) -> None:
    files, path, _line = LAYOUTS[layout]
    folder = write_files({**files, path: '---\nminutes: 1\ntitle: "a\\ud800b"\n---\n'})
    with pytest.raises(UnreadableSource, match=f"{path}, line 3: .*control character"):
        read_course(SourceFolder(folder))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_symbolic_link_is_refused(write_files: WriteFiles, layout: str) -> None:
    files, path, _line = LAYOUTS[layout]
    folder = write_files({**files, path: "text"})
    (folder / path).unlink()
    (folder / path).symlink_to("/etc/hostname")
    with pytest.raises(UnreadableSource, match=f"{path}: This is a symbolic link"):
        read_course(SourceFolder(folder))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_huge_text_is_refused(write_files: WriteFiles, layout: str) -> None:
    files, path, _line = LAYOUTS[layout]
    folder = write_files({**files, path: "x" * (2 * 1024 * 1024 + 1)})
    with pytest.raises(UnreadableSource, match=f"{path}: The file has 2.0 MiB; at most 2 MiB"):
        read_course(SourceFolder(folder))
