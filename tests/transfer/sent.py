"""Zip files that a person sends in the browser, and what a worker does with them."""

import zipfile
from io import BytesIO

from django.core.files.base import ContentFile

from stepwell.accounts.models import User
from stepwell.courses.models import Course
from stepwell.transfer.models import Transfer
from stepwell.transfer.transfers import confirm_import, run_transfer, start_import
from tests.transfer.folders import Files


def as_zip(files: Files, name: str = "bread.zip") -> "ContentFile[bytes]":
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, content in files.items():
            archive.writestr(f"bread/{path}", content)
    return ContentFile(out.getvalue(), name=name)


def planned(person: User, files: Files, course: Course | None = None) -> Transfer:
    transfer = start_import(person=person, file=as_zip(files), name="bread.zip", course=course)
    run_transfer(transfer.key)
    transfer.refresh_from_db()
    return transfer


def done(transfer: Transfer, *, publish: bool = False) -> Transfer:
    confirm_import(transfer=transfer, publish=publish)
    run_transfer(transfer.key)
    transfer.refresh_from_db()
    return transfer
