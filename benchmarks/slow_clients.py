"""Clients that send or read slowly, hostile and honest ones, and what visitors wait meanwhile.

Import it when Django is set up.
"""

import asyncio
import socket
import time
from collections import defaultdict
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from itertools import cycle, zip_longest
from pathlib import Path
from statistics import quantiles
from typing import Any

from django.core.files.base import File

from benchmarks.pages import PAGES, School
from benchmarks.server import ADDRESS, Server, serve
from benchmarks.visits import Learner, Visit, settle_points, signed_in
from stepwell.accounts.actions import set_role
from stepwell.accounts.models import Role, User
from stepwell.courses.actions import save_attachment, set_instructors, update_course
from stepwell.courses.models import Course

SITE = "stepwell.config.settings"
ENGINE = "stepwell.accounts.sessions"
MIB = 1024 * 1024
BIG_FILE = 60 * MIB
UPLOAD = 3 * MIB
UPLOAD_RATE = 50_000  # bytes a second
PIECE = 10_000  # bytes of an upload that are sent at once
BOUNDARY = "edge"
VISITORS = 4
SMALL_BUFFER = 4096  # bytes that a stalled reader's machine takes in
LONGEST = 60.0  # seconds that a visitor waits
LOOK = 1.0  # seconds between two looks at the memory
STRANGER = Learner(0, "", "")
PLAIN = ("/healthz", "/accounts/login/")


@dataclass(frozen=True)
class Crowd:
    """How many slow clients of each kind there are at once."""

    half_sent: int = 300
    uploads: int = 100
    stalled: int = 200
    exports: int = 50
    idle: int = 500


@dataclass(frozen=True)
class Site:
    """A site that is served: an author's course, and a large file of it that anybody may read.

    `visits` are what each visitor asks for, in turn: pages by their names.
    """

    visits: list[list[tuple[str, Visit]]]
    author: Learner
    course: str
    file: str
    server: Server


@dataclass
class Seen:
    """What happened; `waits` are the seconds of each visit, by page."""

    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    uploaded: int = 0
    ended_after: list[float] = field(default_factory=list)
    memory_before: int = 0
    memory_at_most: int = 0

    def p99(self, page: str) -> float:
        """Return the milliseconds in which 99 of 100 visits were answered."""
        waits = self.waits[page]
        return 1000 * quantiles([*waits, *waits], n=100, method="inclusive")[98]


@contextmanager
def open_site(log: Path) -> Iterator[Site]:
    """Serve the school that Django is set up for."""
    with signed_in(50, ENGINE, has_tokens=True) as learners:
        settle_points(learners)
        author = learners.pop()
        course = Course.objects.published().order_by("pk")[0]
        user = set_role(user=User.objects.get(pk=author.id), role=Role.INSTRUCTOR)
        set_instructors(course=course, instructors=[user])
        content = File(BytesIO(bytes(BIG_FILE)))
        file = save_attachment(course=course, name="video.mp4", content=content)
        update_course(course=course, description="[Video](assets/video.mp4)")
        with serve(SITE, log) as server:
            visits = [_visits(School([learner])) for learner in learners[:VISITORS]]
            yield Site(visits, author, course.slug, file.get_absolute_url(), server)


def _visits(school: School) -> list[tuple[str, Visit]]:
    pages = {name: PAGES[name].some_visits(school, 100, "") for name in ("catalog", "lesson")}
    pages |= {path: [Visit(STRANGER, path)] * 100 for path in PLAIN}
    pages["complete"] = PAGES["complete"].some_visits(school, 100, "")  # each changes something
    turns = zip_longest(*([(name, each) for each in visits] for name, visits in pages.items()))
    return [visit for turn in turns for visit in turn if visit]


async def measure(site: Site, crowd: Crowd, seconds: float) -> Seen:
    """Let them all come at once for so many seconds, and honest visitors among them."""
    return await _Measure(site, crowd, seconds).run()


class _Measure:
    def __init__(self, site: Site, crowd: Crowd, seconds: float) -> None:
        self.site, self.crowd = site, crowd
        self.server = site.server
        self.seen = Seen(memory_before=site.server.shared_memory())
        self.end = time.monotonic() + seconds

    async def run(self) -> Seen:
        crowd, half_sent = self.crowd, cycle(self._half_requests())
        slow: list[Coroutine[Any, Any, None]] = [
            *(self._keep_half_sent(next(half_sent)) for _each in range(crowd.half_sent)),
            *(self._stall(self._big_file()) for _each in range(crowd.stalled)),
            *(self._stall(self._export()) for _each in range(crowd.exports)),
            *(self._stall(b"") for _each in range(crowd.idle)),
        ]
        tasks = [asyncio.create_task(each) for each in slow]
        uploads = [asyncio.create_task(self._upload(n)) for n in range(crowd.uploads)]
        visitors = [self._visit(visits) for visits in self.site.visits]
        await asyncio.gather(*visitors, self._watch_memory())
        await asyncio.gather(*uploads)  # none of them is given up
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return self.seen

    async def _visit(self, visits: list[tuple[str, Visit]]) -> None:
        for name, visit in cycle(visits):
            if time.monotonic() > self.end:
                return
            start = time.perf_counter()
            try:
                async with asyncio.timeout(LONGEST):
                    status = await self._answer(visit.raw(self.server.host).encode())
            except (TimeoutError, OSError) as error:
                status = repr(error)
            self.seen.waits[name].append(time.perf_counter() - start)
            if status != "200":
                self.seen.wrong.append(f"{name}: {status}")
            await asyncio.sleep(0.05)

    async def _answer(self, request: bytes) -> str:
        """Send a request on a connection of its own; return the status of its whole answer."""
        head, _, body = request.partition(b"\r\n\r\n")
        reader, writer = await asyncio.open_connection(ADDRESS, self.server.port)
        try:
            writer.write(head + b"\r\nConnection: close\r\n\r\n" + body)
            answer = await reader.read()
        finally:
            writer.close()
        return answer.split(b" ", 2)[1].decode() if answer else "nothing"

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection of which this side takes in little."""
        made = socket.socket()
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        made.setblocking(False)
        await asyncio.get_running_loop().sock_connect(made, (ADDRESS, self.server.port))
        return await asyncio.open_connection(sock=made, limit=SMALL_BUFFER)

    def _half_requests(self) -> list[bytes]:
        host = self.server.host.encode()
        posts = [
            b"POST /accounts/login/",
            b"PUT /api/v1/courses/x/enrollment",
            b"POST /courses/x/enrollment/",
        ]
        begun = [b"%b HTTP/1.1\r\nHost: %b\r\n" % (post, host) for post in posts]
        chunked = b"Transfer-Encoding: chunked\r\n\r\n5\r\nab"
        large = b"Content-Length: 50000000\r\n\r\na"
        return [
            *(post + b"Content-Length: 1000\r\n\r\na" for post in begun),
            *(post + b"Content-Type: application/json\r\n" + chunked for post in begun),
            begun[0] + large,
            begun[0] + b"X-Half: ",
        ]

    async def _keep_half_sent(self, request: bytes) -> None:
        """Send half a request, and again whenever the server gives it up."""
        while True:
            with suppress(OSError):
                reader, writer = await self._connect()
                start = time.monotonic()
                writer.write(request)
                await reader.read()
                writer.close()
                self.seen.ended_after.append(time.monotonic() - start)
            await asyncio.sleep(1)

    def _big_file(self) -> bytes:
        host = self.server.host
        return f"GET {self.site.file} HTTP/1.1\r\nHost: {host}\r\nRange: bytes=0-\r\n\r\n".encode()

    def _export(self) -> bytes:
        path = f"/studio/courses/{self.site.course}/learners.csv"
        return Visit(self.site.author, path).raw(self.server.host).encode()

    async def _stall(self, request: bytes) -> None:
        """Send a request and read the beginning of its answer at most."""
        reader, writer = await self._connect()
        try:
            writer.write(request)
            if request:
                await reader.read(100)
            await asyncio.Event().wait()
        finally:
            writer.close()

    async def _upload(self, number: int) -> None:
        author, host = self.site.author, self.server.host
        text = (
            f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=csrfmiddlewaretoken\r\n\r\n"
            f"{author.csrf}\r\n--{BOUNDARY}\r\n"
            f"Content-Disposition: form-data; name=file; filename=upload-{number}.txt\r\n\r\n"
        )
        body = text.encode() + f"{number:07}\n".encode() * (UPLOAD // 8)
        body += f"\r\n--{BOUNDARY}--\r\n".encode()
        path = f"/studio/courses/{self.site.course}/attachments/"
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        head = Visit(author, path, "POST").headers(host) | {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Connection": "close",
            "Accept": "application/json",
        }
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
        reader, writer = await asyncio.open_connection(ADDRESS, self.server.port)
        try:
            writer.write("\r\n".join([*lines, "", ""]).encode())
            for place in range(0, len(body), PIECE):
                writer.write(body[place : place + PIECE])
                await writer.drain()
                await asyncio.sleep(PIECE / UPLOAD_RATE)
            answer = await reader.read()
            if b" 200 " in answer[:20]:
                self.seen.uploaded += 1
            else:
                self.seen.wrong.append(f"upload: {answer[:60]!r}")
        except OSError as error:
            self.seen.wrong.append(f"upload: {error!r}")
        finally:
            writer.close()

    async def _watch_memory(self) -> None:
        while time.monotonic() < self.end:
            memory = await asyncio.to_thread(self.server.shared_memory)
            self.seen.memory_at_most = max(self.seen.memory_at_most, memory)
            await asyncio.sleep(LOOK)
