"""What `stepwell verify` reports, and the check of references that every app shares."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Exists, ForeignKey, OuterRef


@dataclass(frozen=True)
class Difference:
    """Something in the database that is not as it must be."""

    subject: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.subject}: expected {self.expected}, found {self.found}"


def find_dangling_references() -> Iterator[Difference]:
    """Yield every row that refers to one that is not there. One query for each foreign key.

    The database prevents it, but not where somebody deletes rows by hand with its checks off.
    """
    for model in apps.get_models(include_auto_created=True):
        if not model.__module__.startswith("stepwell."):
            continue
        for field in model._meta.local_concrete_fields:
            if not isinstance(field, ForeignKey):
                continue
            parent, [target] = field.remote_field.model, field.foreign_related_fields
            there = parent._base_manager.filter(**{target.attname: OuterRef(field.attname)})
            rows = model._base_manager.filter(**{f"{field.name}__isnull": False}).exclude(
                Exists(there)
            )
            for key, reference in rows.order_by("pk").values_list("pk", field.attname).iterator():
                yield Difference(
                    f"{model._meta.label} {key}",
                    f"{parent._meta.label} {reference}",
                    f"no such {field.name}",
                )
