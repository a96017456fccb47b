"""Write a made-up course folder of any size, to import: see README.md."""

import sys
from pathlib import Path
from random import Random

BODY = (Path(__file__).parent / "lesson.md").read_text()
PER_MODULE = 25
LARGEST_FILE = 20_000_000


def write_course_folder(folder: Path, *, lessons: int, media_bytes: int) -> None:
    """Fill a new folder with a course in Stepwell's own layout.

    Each lesson links to the next one and shows one of the files in `assets`, which have
    `media_bytes` in all.
    """
    files = _write_media(folder / "assets", media_bytes)
    (folder / "course.md").write_text(f"---\ntitle: {folder.name}\n---\n\n{BODY}")
    paths = [
        f"{number // PER_MODULE + 1:03}-part/{number % PER_MODULE + 1:02}-lesson.md"
        for number in range(lessons)
    ]
    for number, path in enumerate(paths):
        place = folder / path
        place.parent.mkdir(exist_ok=True)
        (place.parent / "module.md").write_text(f"---\ntitle: {place.parent.name}\n---\n")
        links = f"![A picture](../assets/{files[number % len(files)]})" if files else ""
        links += f"\n\n[On](../{paths[(number + 1) % lessons]}#the-idea)"
        place.write_text(f"---\ntitle: Lesson {number + 1}\n---\n\n{BODY}\n\n{links}\n")


def _write_media(folder: Path, size: int) -> list[str]:
    folder.mkdir(parents=True)
    block, names = Random(1).randbytes(1_000_000), list[str]()
    while size > 0:
        name, length = f"{len(names) + 1:04}.jpg", min(size, LARGEST_FILE)
        with (folder / name).open("wb") as file:
            file.write(f"{name}\n".encode())  # no two are the same
            while file.tell() < length:
                file.write(block[: length - file.tell()])
        names, size = [*names, name], size - length
    return names


if __name__ == "__main__":
    write_course_folder(Path(sys.argv[1]), lessons=int(sys.argv[2]), media_bytes=int(sys.argv[3]))
