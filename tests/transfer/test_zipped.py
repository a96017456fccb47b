"""Course folders as zip files, those of strangers too."""

import stat
import zipfile
from pathlib import Path

import pytest

from stepwell.transfer.errors import BadZip
from stepwell.transfer.zipped import pack, unpack

MIB = 1024 * 1024


def zipped(path: Path, files: dict[str, bytes], **settings: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for setting, value in settings.items():
                setattr(info, setting, value)
            out.writestr(info, content)
    return path


def unpacked(tmp_path: Path, archive: Path, limit_mb: int = 10) -> Path:
    folder = tmp_path / "unpacked"
    folder.mkdir()
    return unpack(archive, folder, limit_mb=limit_mb)


def test_only_folder_at_the_top_is_the_course(tmp_path: Path) -> None:
    files = {"tea/course.md": b"x", "tea/a/b.md": b"y", "__MACOSX/tea/._b": b"z"}
    root = unpacked(tmp_path, zipped(tmp_path / "a.zip", files))

    assert root.name == "tea"
    assert (root / "a" / "b.md").read_bytes() == b"y"


def test_flat_zip_is_the_course_itself(tmp_path: Path) -> None:
    root = unpacked(tmp_path, zipped(tmp_path / "a.zip", {"course.md": b"x", "01/a.md": b"y"}))

    assert root == tmp_path / "unpacked"
    assert sorted(path.name for path in root.iterdir()) == ["01", "course.md"]


def test_packed_folder_unpacks_to_the_same_and_packs_to_the_same(tmp_path: Path) -> None:
    course = tmp_path / "tea"
    (course / "assets").mkdir(parents=True)
    (course / "course.md").write_text("x")
    (course / "assets" / "ä.bin").write_bytes(bytes(range(256)) * 5000)
    pack(course, tmp_path / "one.zip")
    pack(course, tmp_path / "two.zip")

    root = unpacked(tmp_path, tmp_path / "one.zip")

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert (root / "assets" / "ä.bin").read_bytes() == (course / "assets" / "ä.bin").read_bytes()


@pytest.mark.parametrize(
    "name", ["../x", "a/../../x", "/etc/x", "C:/x", "..\\x", "a\nb", "x" * 301]
)
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadZip):
        unpacked(tmp_path, zipped(tmp_path / "a.zip", {name: b"x"}))

    assert list((tmp_path / "unpacked").iterdir()) == []
    assert not (tmp_path / "x").exists()


def test_links_are_refused(tmp_path: Path) -> None:
    link = zipped(
        tmp_path / "a.zip", {"a": b"/etc/passwd"}, external_attr=(stat.S_IFLNK | 0o777) << 16
    )

    with pytest.raises(BadZip, match="is a link"):
        unpacked(tmp_path, link)


def test_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "a.zip", {"a.md": bytes(200 * MIB)})
    assert bomb.stat().st_size < MIB

    with pytest.raises(BadZip, match="far too much"):
        unpacked(tmp_path, bomb, limit_mb=1000)

    assert (tmp_path / "unpacked" / "a.md").stat().st_size < 50 * MIB


def test_more_than_the_limit_is_refused_whatever_the_files(tmp_path: Path) -> None:
    many = zipped(tmp_path / "a.zip", {f"{number}.md": bytes(MIB) for number in range(5)})

    with pytest.raises(BadZip, match="far too much"):
        unpacked(tmp_path, many, limit_mb=3)


def test_size_that_lies_is_not_believed(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.md": b"x" * 5000})
    lied = archive.read_bytes().replace((5000).to_bytes(4, "little"), (5).to_bytes(4, "little"))
    archive.write_bytes(lied)

    with pytest.raises(BadZip):
        unpacked(tmp_path, archive)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("a.md", "one")
        with pytest.warns(UserWarning, match="Duplicate"):
            out.writestr("a.md", "two")

    with pytest.raises(BadZip, match="same name"):
        unpacked(tmp_path, archive)


@pytest.mark.parametrize("content", [b"", b"PK", b"<html>", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_zip_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)

    with pytest.raises(BadZip):
        unpacked(tmp_path, tmp_path / "a.zip")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_unpack_without_a_bound_are_refused(
    tmp_path: Path, method: int
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as out:
        out.writestr("course.md", bytes(1000))

    with pytest.raises(BadZip, match="unusual way"):
        unpacked(tmp_path, tmp_path / "a.zip")


def test_many_small_bombs_are_refused_like_a_large_one(tmp_path: Path) -> None:
    files = {f"{number}.md": bytes(9 * MIB) for number in range(15)}

    with pytest.raises(BadZip, match="far too much"):
        unpacked(tmp_path, zipped(tmp_path / "a.zip", files), limit_mb=1000)


def test_list_of_files_that_would_fill_memory_is_not_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        for number in range(200):
            file = zipfile.ZipInfo(f"{number}")
            file.comment = b"x" * 60_000
            out.writestr(file, b"")

    with pytest.raises(BadZip, match="more than 20000 files"):
        unpacked(tmp_path, tmp_path / "a.zip")


def test_what_systems_leave_behind_is_left_out(tmp_path: Path) -> None:
    files = {".DS_Store": b"x", "tea/course.md": b"x", "tea/._course.md": b"x", "Thumbs.db": b"x"}

    root = unpacked(tmp_path, zipped(tmp_path / "a.zip", files))

    assert [path.name for path in root.iterdir()] == ["course.md"]


def test_folders_around_the_course_are_passed_through_but_no_module(tmp_path: Path) -> None:
    files = {"a/b/01-intro/README.md": b"x"}

    assert unpacked(tmp_path, zipped(tmp_path / "a.zip", files)).name == "b"
