import os
from pathlib import Path

import pytest

from stepwell.transfer.errors import UnreadableSource
from stepwell.transfer.folder import Limits, SourceFolder, is_inside
from tests.transfer.folders import WriteFiles


def test_files_are_listed_in_order_without_hidden_ones(write_files: WriteFiles) -> None:
    folder = write_files(
        {"b.md": "", "a/x.md": "", ".git/config": "", "a/.hidden": "", "node_modules/y.js": ""}
    )
    assert SourceFolder(folder).files == ("a/x.md", "b.md")


def test_hidden_attachments_are_listed(write_files: WriteFiles) -> None:
    folder = write_files({"assets/.vscode/x.json": "{}", "assets/.DS_Store": ""})
    assert SourceFolder(folder).files == ("assets/.vscode/x.json",)


def test_folders_are_those_that_hold_files(write_files: WriteFiles) -> None:
    folder = write_files({"a/b/x.md": ""})
    (folder / "empty").mkdir()
    assert SourceFolder(folder).folders == {".", "a", "a/b"}


def test_text_loses_byte_order_mark_and_carriage_returns(write_files: WriteFiles) -> None:
    folder = write_files({"x.md": b"\xef\xbb\xbfone\r\ntwo\rthree\n"})
    assert SourceFolder(folder).text("x.md") == "one\ntwo\nthree\n"


@pytest.mark.parametrize("path", ["../secret.md", "a/../../secret.md", "/etc/hostname"])
def test_a_path_that_leads_out_is_refused(write_files: WriteFiles, path: str) -> None:
    folder = write_files({"x.md": ""})
    (folder.parent / "secret.md").write_text("secret")
    with pytest.raises(UnreadableSource, match="leads out of the folder"):
        SourceFolder(folder).text(path)
    assert not is_inside(path)


def test_a_symbolic_link_to_a_file_is_refused_by_name(write_files: WriteFiles) -> None:
    folder = write_files({"a/x.md": ""})
    (folder.parent / "secret.md").write_text("secret")
    (folder / "a" / "link.md").symlink_to(folder.parent / "secret.md")
    with pytest.raises(UnreadableSource, match=r"a/link\.md: This is a symbolic link"):
        _ = SourceFolder(folder).files
    with pytest.raises(UnreadableSource, match=r"a/link\.md: This is a symbolic link"):
        SourceFolder(folder).text("a/link.md")


def test_a_symbolic_link_to_a_folder_is_refused_on_the_way(write_files: WriteFiles) -> None:
    folder = write_files({"x.md": ""})
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "y.md").write_text("secret")
    (folder / "inner").symlink_to(outside)
    with pytest.raises(UnreadableSource, match="inner: This is a symbolic link"):
        SourceFolder(folder).text("inner/y.md")


def test_a_pipe_is_refused_without_waiting_for_it(write_files: WriteFiles) -> None:
    folder = write_files({"x.md": ""})
    os.mkfifo(folder / "pipe.md")
    with pytest.raises(UnreadableSource, match=r"pipe\.md: This is no ordinary file"):
        SourceFolder(folder).text("pipe.md")


def test_a_missing_file_is_named(write_files: WriteFiles) -> None:
    with pytest.raises(UnreadableSource, match=r"none\.md: There is no such file"):
        SourceFolder(write_files({"x.md": ""})).text("none.md")


def test_too_large_a_text_is_refused(write_files: WriteFiles) -> None:
    folder = SourceFolder(write_files({"x.md": "x" * 2049}), Limits(text_bytes=2048))
    with pytest.raises(UnreadableSource, match=r"x\.md: The file has"):
        folder.text("x.md")


def test_too_large_an_attachment_is_refused(write_files: WriteFiles) -> None:
    folder = SourceFolder(write_files({"x.bin": b"x" * 11}), Limits(attachment_bytes=10))
    with pytest.raises(UnreadableSource, match=r"x\.bin: The file has"):
        folder.size_and_sha256("x.bin")


def test_text_that_is_no_utf8_is_refused_with_its_line(write_files: WriteFiles) -> None:
    folder = SourceFolder(write_files({"x.md": b"one\ntwo\n\xff"}))
    with pytest.raises(UnreadableSource, match=r"x\.md, line 3: This is not UTF-8"):
        folder.text("x.md")


def test_text_with_a_zero_byte_is_refused_with_its_line(write_files: WriteFiles) -> None:
    folder = SourceFolder(write_files({"x.md": b"one\n\x00"}))
    with pytest.raises(UnreadableSource, match=r"x\.md, line 2: .*control character"):
        folder.text("x.md")


def test_too_many_files_are_refused(write_files: WriteFiles) -> None:
    folder = SourceFolder(write_files({f"{n}.md": "" for n in range(5)}), Limits(entries=4))
    with pytest.raises(UnreadableSource, match="more than 4 files"):
        _ = folder.files


def test_folders_nested_too_deep_are_refused(write_files: WriteFiles) -> None:
    folder = SourceFolder(write_files({"a/b/c/x.md": ""}), Limits(depth=2))
    with pytest.raises(UnreadableSource, match="nested too deep"):
        _ = folder.files


def test_a_path_that_no_field_could_hold_is_refused(write_files: WriteFiles) -> None:
    folder = SourceFolder(write_files({f"{'a' * 200}/{'b' * 100}": ""}))
    with pytest.raises(UnreadableSource, match="longer than 300"):
        _ = folder.files


def test_a_name_with_control_characters_is_refused(write_files: WriteFiles) -> None:
    with pytest.raises(UnreadableSource, match="characters that can't be shown"):
        _ = SourceFolder(write_files({"a\nb.md": ""})).files


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    with pytest.raises(UnreadableSource, match="not a folder"):
        SourceFolder(tmp_path / "x")


def test_videos_may_be_larger_than_other_files(write_files: WriteFiles) -> None:
    files = {"talk.mp4": b"x" * 11, "notes.bin": b"x" * 11}
    folder = SourceFolder(write_files(files), Limits(attachment_bytes=10, video_bytes=20))

    assert folder.size_and_sha256("talk.mp4")[0] == 11
    with pytest.raises(UnreadableSource):
        folder.size_and_sha256("notes.bin")
