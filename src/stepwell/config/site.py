"""Everything that an owner can set, each by an environment variable `STEPWELL_<NAME>`.

`docs/reference/settings.md` names every field here; a test compares the two.
"""

import os
import re
import socket
import ssl
import zoneinfo
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Literal
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url
from django.core.management.utils import get_random_secret_key
from django.http.request import split_domain_port, validate_host
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DATA = Path("data")
POSTGRESQL = "django.db.backends.postgresql"
LEVELS = 10


class SiteSettings(BaseSettings):
    """The site's configuration; raises `pydantic.ValidationError` naming each bad variable."""

    # An empty variable is one that nobody set: as a data folder it would be the current one.
    model_config = SettingsConfigDict(env_prefix="STEPWELL_", env_ignore_empty=True)
    # Django asks for it with each `settings.SITE`, and models are slow to say that it is missing.
    _mask_wrapped: ClassVar[bool] = True

    data: Path = Field(DATA, description="Folder of database, media, mail and secret key.")
    database_url: str = Field(
        "", description="postgresql://… ; empty means SQLite in the data folder."
    )
    secret_key: str = Field("", description="Signing key; empty means the one in the data folder.")
    address: str = Field("", description="Public address, such as https://school.example.")
    allowed_hosts: str = Field("", description="Further host names to answer to, comma-separated.")
    host: str = Field("127.0.0.1", description="Address that `serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that `serve` listens on.")
    workers: int = Field(2, ge=1, le=64, description="Server processes.")
    request_timeout: int = Field(
        30, ge=1, le=60, description="Seconds to wait for the next part of a request."
    )
    debug: bool = Field(False, description="Show errors in the browser. Never on a public site.")
    name: str = Field("Stepwell", description="Name of the school, shown on every page.")
    language: Literal["en", "de"] = Field(
        "en", description="Language of visitors whose browser asks for none of ours."
    )
    time_zone: str = Field("UTC", description="Time zone of visitors who have not chosen one.")
    email_url: str = Field(
        "", description="submission://user:password@host:587; empty keeps mail in the data folder."
    )
    email_ca_file: str = Field(
        "", description="Certificates (PEM) to trust at the mail server, besides the machine's."
    )
    email_from: str = Field(
        "Stepwell <stepwell@localhost>", description="Sender of the site's mail."
    )
    email_verification: Literal["mandatory", "optional", "none"] = Field(
        "mandatory", description="Whether an address must be verified before signing in."
    )
    outline_cache: int = Field(
        50_000,
        ge=0,
        description="Lessons whose place, and how it is drawn, a process keeps in memory; 0: none.",
    )
    max_attachment_mb: int = Field(100, ge=1, description="Largest attachment, in MiB.")
    max_video_mb: int = Field(2048, ge=1, description="Largest uploaded video, in MiB.")
    max_import_mb: int = Field(1024, ge=1, description="Largest uploaded course folder, in MiB.")
    attachment_types: str = Field(
        "png jpg jpeg gif webp avif svg pdf txt csv tsv json md zip tar gz py ipynb sql "
        "doc docx odt xls xlsx ods ppt pptx odp mp3 ogg wav m4a mp4 webm vtt",
        description="Endings of file names that the studio takes.",
    )
    oidc_name: str = Field("", description="Name on the OpenID Connect sign-in button.")
    oidc_issuer: str = Field("", description="OpenID Connect issuer address; empty means off.")
    oidc_client_id: str = Field("", description="OpenID Connect client id.")
    oidc_client_secret: str = Field("", description="OpenID Connect client secret.")
    gamification: bool = Field(
        True, description="Points, levels, streaks, badges and the leaderboard; false: none of it."
    )
    points_lesson: int = Field(10, ge=0, le=10_000, description="Points for a completed lesson.")
    points_module: int = Field(20, ge=0, le=10_000, description="Points for a finished module.")
    points_course: int = Field(100, ge=0, le=10_000, description="Points for a finished course.")
    points_streak_day: int = Field(
        5, ge=0, le=10_000, description="Points for each further day in a row."
    )
    levels: str = Field(
        "0, 50, 120, 210, 320, 450, 600, 770, 960, 1170",
        description="Points at which the ten levels begin.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severity that is logged."
    )

    @field_validator("data")
    @classmethod
    def _is_a_folder(cls, value: Path) -> Path:
        folder = value.expanduser().resolve()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ValueError(f"the folder can't be made: {error.strerror}") from None
        return folder

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, value: str) -> str:
        try:
            if value and dj_database_url.parse(value)["ENGINE"] != POSTGRESQL:
                raise ValueError
        except ValueError:
            raise ValueError(
                "write it like postgresql://user:password@host/name, "
                "or leave it empty for SQLite in the data folder"
            ) from None
        return value

    @field_validator("time_zone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        if value not in zoneinfo.available_timezones():
            raise ValueError("there is no such time zone; write it like Europe/Berlin")
        return value

    @field_validator("address")
    @classmethod
    def _has_scheme(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("the address starts with http:// or https://")
        try:
            parts = urlsplit(value.rstrip("/"))
            host, port = parts.hostname or "", parts.port
            # Browsers send the name of a host in ASCII, whatever its owner calls it.
            ascii_host = host if host.isascii() else host.encode("idna").decode()
        except ValueError:
            raise ValueError("write the address like https://school.example") from None
        if value and not host:
            raise ValueError("write the address like https://school.example")
        name = f"[{ascii_host}]" if ":" in ascii_host else ascii_host
        netloc = f"{name}:{port}" if port else name
        return parts._replace(netloc=netloc).geturl() if value else ""

    @field_validator("email_url")
    @classmethod
    def _is_known_mailbox(cls, value: str) -> str:
        scheme = value.partition(":")[0]
        if value and scheme not in dj_email_url.SCHEMES:
            known = ", ".join(sorted(dj_email_url.SCHEMES))
            raise ValueError(f"mail can't be sent by “{scheme}”; use one of {known}")
        return value

    @field_validator("email_ca_file")
    @classmethod
    def _is_certificates(cls, value: str) -> str:
        if value:
            try:
                ssl.create_default_context(cafile=value)
            except OSError as error:  # ssl.SSLError is one
                raise ValueError(f"no certificates can be read there: {error.strerror}") from None
        return value

    @field_validator("levels")
    @classmethod
    def _is_ten_levels(cls, value: str) -> str:
        starts = [
            int(part) if re.fullmatch(r"\s*[0-9]+\s*", part) else -1 for part in value.split(",")
        ]
        if len(starts) != LEVELS or starts[0] != 0 or starts != sorted(set(starts)):
            raise ValueError("write ten numbers that rise from 0, like 0, 50, 120 and so on")
        return value

    @cached_property
    def level_starts(self) -> list[int]:
        """Points at which the levels begin, from the first one's 0."""
        return [int(part) for part in self.levels.split(",")]

    @property
    def is_data_default(self) -> bool:
        """Whether a command started here without STEPWELL_DATA would work on the same folder."""
        return self.data == DATA.resolve()

    @property
    def is_open_to_network(self) -> bool:
        """Whether `serve` listens on every address of the machine."""
        return self.host in {"0.0.0.0", "::"}  # noqa: S104  compared, not bound

    @cached_property
    def hosts(self) -> list[str]:
        """Host names that the site answers to."""
        return list(self.ports_of_hosts)

    @property
    def address_host(self) -> str:
        """The host name of the public address, or "localhost" if there is no address."""
        return urlsplit(self.address).hostname or "localhost"

    def is_own_port(self, host: str, port: str) -> bool:
        """Tell whether the site is reached by this port of one of its hosts.

        Proxies may leave the port out. Without an address, any port is right: nobody has said how
        the site is reached.
        """
        if not self.address or not port:
            return True
        patterns = [name for name in self.ports_of_hosts if validate_host(host, [name])]
        return any(port in self.ports_of_hosts[name] for name in patterns)

    @cached_property
    def ports_of_hosts(self) -> dict[str, set[str]]:
        """Ports by the host names (or patterns of them) that the site answers to."""
        address = urlsplit(self.address)
        public = str(address.port or (443 if address.scheme == "https" else 80))
        bound = own_names() if self.is_open_to_network else [self.host]
        ports: dict[str, set[str]] = {}
        for name in ["localhost", "127.0.0.1", "::1", *bound]:
            ports.setdefault(f"[{name}]" if ":" in name else name, set()).add(str(self.port))
        named = [name.strip().lower() for name in self.allowed_hosts.split(",") if name.strip()]
        if self.address:
            named.append(f"[{address.hostname}]" if ":" in self.address_host else self.address_host)
        for name in named:
            host, port = split_domain_port(name)
            ports.setdefault(host or name, set()).add(port or public)
        return ports

    @property
    def own_address(self) -> str:
        """The address in a browser of this machine; passkeys need a name instead of 127.0.0.1."""
        is_own = self.is_open_to_network or self.host in {"127.0.0.1", "::1"}
        host = "localhost" if is_own else f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def read_secret_key(self) -> str:
        """Return the signing key, generating the data folder's own on first use."""
        if self.secret_key:
            return self.secret_key
        path = self.data / "secret_key"
        if not path.exists():
            draft = self.data / f".secret_key-{os.getpid()}"
            draft.touch(mode=0o600)
            draft.write_text(get_random_secret_key())
            # Of several processes that start at once one gives its key the name, whole.
            with suppress(FileExistsError):
                path.hardlink_to(draft)
            draft.unlink()
        return path.read_text()


def own_names() -> list[str]:
    """Return the names and addresses by which this machine is known to others near it."""
    names = {socket.gethostname()}
    with suppress(OSError):
        names |= set(socket.gethostbyname_ex(socket.gethostname())[2])
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        # Connecting a datagram socket sends nothing; it only chooses the outgoing address.
        probe.connect(("192.0.2.1", 9))
        names.add(probe.getsockname()[0])
    return sorted(names)
