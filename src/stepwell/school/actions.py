"""The verbs of the school: the only code that writes its settings."""

import hashlib
import warnings
from io import BytesIO
from typing import Any

import dj_email_url
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from stepwell.core import clock
from stepwell.core.mail_servers import parse_mail_url
from stepwell.school.colors import (
    ENOUGH,
    PAPER,
    contrast,
    nearest_readable,
    read_color,
    write_color,
)
from stepwell.school.errors import BadColor, BadLogo, BadMailServer, PaleAccent
from stepwell.school.models import School

LOGO_SIDE = 256  # pixels


def update_school(**changes: Any) -> School:
    """Set what pages say of the school (name, description, accent, sign_up, email_from, email_url).

    Unchanged values write nothing. Raises `BadColor`, `PaleAccent`, `BadMailServer`.
    """
    if changes.get("accent"):
        _require_readable(changes["accent"])
    if changes.get("email_url"):
        _require_mail_server(changes["email_url"])
    with transaction.atomic():
        school, _is_new = School.objects.select_for_update().get_or_create(
            pk=1, defaults={"changed_at": clock.now()}
        )
        changed = [name for name, value in changes.items() if getattr(school, name) != value]
        if changed:
            for name in changed:
                setattr(school, name, changes[name])
            school.changed_at = clock.now()
            school.save(update_fields=[*changed, "changed_at"])
    return school


def set_logo(*, picture: "File[bytes]") -> School:
    """Show a picture as the school's logo; the same one again changes nothing.

    Raises `BadLogo`.
    """
    content = _drawn_anew(picture)
    name = hashlib.sha256(content).hexdigest()[:20]
    path = logo_path(name)
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))
    return update_school(logo=name)


def remove_logo() -> School:
    """Show the three steps again; a second call changes nothing."""
    return update_school(logo="")


def logo_path(name: str) -> str:
    """Return where a logo is kept."""
    return f"school/{name}.png"


def _require_readable(text: str) -> None:
    color = read_color(text)
    if color is None:
        raise BadColor(color=text[:20])
    ratio = contrast(color, PAPER)
    if ratio < ENOUGH:
        near = write_color(nearest_readable(color))
        raise PaleAccent(color=text, ratio=f"{ratio:.1f}", near=near)


def _require_mail_server(url: str) -> None:
    try:
        is_known = url.partition(":")[0] in dj_email_url.SCHEMES
        host = parse_mail_url(url).get("EMAIL_HOST") if is_known else None
    except ValueError as error:
        raise BadMailServer(reason=str(error)) from None
    if not host:
        raise BadMailServer(reason=_("Write the server’s name like smtp.example.org."))


def _drawn_anew(picture: "File[bytes]") -> bytes:
    # 20 MB a process, which only an owner needs who changes the logo.
    from PIL import Image, ImageOps  # noqa: PLC0415

    from stepwell.core.pictures import (  # noqa: PLC0415
        FORMATS,
        UNREADABLE,
        can_be_decoded,
    )

    try:
        with (
            warnings.catch_warnings(action="error"),
            Image.open(picture, formats=FORMATS) as opened,
        ):
            if not can_be_decoded(opened):
                raise BadLogo
            turned = (ImageOps.exif_transpose(opened) or opened).convert("RGBA")
            turned.thumbnail((LOGO_SIDE, LOGO_SIDE))
            out = BytesIO()
            turned.save(out, "PNG", optimize=True)
            return out.getvalue()
    except (*UNREADABLE, Image.DecompressionBombWarning):
        raise BadLogo from None
