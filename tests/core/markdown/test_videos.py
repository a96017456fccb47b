import pytest

from stepwell.core.markdown.videos import Video, parse_video, video_html


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/watch?v=abc-efgh_jk",
        "https://youtube.com/watch?list=x&v=abc-efgh_jk",
        "http://m.youtube.com/watch?v=abc-efgh_jk",
        "https://youtu.be/abc-efgh_jk",
        "https://www.youtube.com/embed/abc-efgh_jk",
        "https://www.youtube.com/shorts/abc-efgh_jk",
        "https://www.youtube-nocookie.com/embed/abc-efgh_jk",
        "//www.youtube.com/embed/abc-efgh_jk",
    ],
)
def test_youtube_address_is_recognized(address: str) -> None:
    assert parse_video(address) == Video(
        "youtube",
        "abc-efgh_jk",
        "https://www.youtube.com/watch?v=abc-efgh_jk",
        "https://www.youtube-nocookie.com/embed/abc-efgh_jk",
    )


@pytest.mark.parametrize("moment", ["t=90", "t=90s", "t=1m30s", "start=90"])
def test_youtube_address_keeps_its_moment(moment: str) -> None:
    video = parse_video(f"https://youtu.be/abcdefghijk?{moment}")

    assert video
    assert video.address.endswith("&t=90s")
    assert video.embed.endswith("?start=90")


@pytest.mark.parametrize(
    ("address", "own", "embed"),
    [
        ("https://vimeo.com/12", "https://vimeo.com/12", "https://player.vimeo.com/video/12"),
        (
            "https://vimeo.com/12/ab34",
            "https://vimeo.com/12/ab34",
            "https://player.vimeo.com/video/12?h=ab34",
        ),
        (
            "https://player.vimeo.com/video/12?h=ab34",
            "https://vimeo.com/12/ab34",
            "https://player.vimeo.com/video/12?h=ab34",
        ),
    ],
)
def test_vimeo_address_is_recognized(address: str, own: str, embed: str) -> None:
    assert parse_video(address) == Video("vimeo", "12", own, embed)


def test_loom_address_is_recognized() -> None:
    id_ = "0123456789abcdef" * 2

    assert parse_video(f"https://www.loom.com/share/{id_}?sid=1") == Video(
        "loom", id_, f"https://www.loom.com/share/{id_}", f"https://www.loom.com/embed/{id_}"
    )


@pytest.mark.parametrize(
    "address", ["a.mp4", "/files/x/B.WEBM", "https://e.com/a.mov?x=1", "a.ogv"]
)
def test_video_file_is_recognized(address: str) -> None:
    assert parse_video(address) == Video("file", address, address, address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://www.youtube.com/",
        "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/@channel",
        "https://youtube.com.e.com/watch?v=abcdefghijk",
        "https://vimeo.com/about",
        "https://www.loom.com/share/xyz",
        "https://e.com/mp4",
        "javascript:a.mp4",
        "http://[",
    ],
)
def test_other_address_is_no_video(address: str) -> None:
    assert parse_video(address) is None


def test_facade_asks_no_other_host() -> None:
    video = Video("youtube", "x", "https://e.com/?a=1&b", "https://e.org/?c=1&d")

    assert video_html(video, 'A "b" <c>') == (
        '<figure class="video" data-video="https://e.org/?c=1&amp;d"><a class="video-link"'
        ' href="https://e.com/?a=1&amp;b" rel="noopener noreferrer">'
        "Play video: A &quot;b&quot; &lt;c&gt;</a></figure>"
    )


def test_facade_without_a_title_says_what_it_does() -> None:
    assert ">Play video</a>" in video_html(Video("loom", "x", "y", "z"), "")


def test_file_plays_by_itself() -> None:
    assert video_html(Video("file", "a.mp4", "a.mp4", "a.mp4"), "") == (
        '<figure class="video"><video controls preload="none" src="a.mp4" aria-label="Video">'
        "</video></figure>"
    )
