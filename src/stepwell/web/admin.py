"""Django's admin, for owners who have to repair something."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.db import models
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import reverse

from stepwell.accounts.models import User
from stepwell.core.folding import Folding, fold, words_to_find
from stepwell.courses.actions import touch_outline
from stepwell.courses.actions.outline import announce_counted_lessons
from stepwell.courses.models import Course

EDITABLE = {"accounts", "courses", "school"}
# Written by the program alone, or derived from what is.
NEVER = {"session", "lessonversion", "outgoingmail"}
MOST_FOUND = 1_000  # rows, where each one is folded for the search


class OwnersSite(admin.AdminSite):
    """The admin; sign-in is that of the site."""

    site_header = site_title = "Stepwell"
    index_title = "Admin"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Let owners in."""
        user = request.user
        return user.is_authenticated and user.is_active and user.is_owner

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseRedirect:  # noqa: ARG002  Django's
        """Lead strangers to the site's own sign-in; for everyone else there is nothing here."""
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))


class RepairAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # no subscript at run time
    """Rows of any model: found, read and, where no record or ledger holds them, changed."""

    list_per_page = 50
    show_full_result_count = False

    def get_raw_id_fields(self) -> list[str]:
        return [
            field.name
            for field in self.model._meta.get_fields()
            if isinstance(field, models.ForeignKey | models.ManyToManyField)
        ]

    def __init__(self, model: Any, site: admin.AdminSite) -> None:
        super().__init__(model, site)
        names = [field.name for field in model._meta.concrete_fields]
        vars(self).update(
            raw_id_fields=self.get_raw_id_fields(),
            search_fields=[name for name in ("title", "name", "email", "slug") if name in names],
            exclude=["password", "digest", "email_url", "session_key", "content"],
            # Changed in the studio, whose rules keep one owner at least.
            readonly_fields=["role", "is_active", "is_superuser"] if model is User else [],
        )

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002  Django's
        queryset: Any,
        search_term: str,
    ) -> tuple[Any, bool]:
        """Search in folded text, as the site's own lists do; models without it are folded here."""
        words = words_to_find(search_term)
        if issubclass(self.model, Folding):
            for word in words:
                queryset = queryset.filter(search_text__contains=word)
        elif words and self.search_fields:
            rows = queryset.values_list("pk", *self.search_fields).iterator()
            found = (row[0] for row in rows if _holds(row[1:], words))
            queryset = queryset.filter(pk__in=list(islice(found, MOST_FOUND)))
        return queryset, False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ARG002  Django's
        """Save the changed fields of a row. Its course may have other lessons that count then."""
        columns = {field.name for field in obj._meta.concrete_fields}
        obj.save(update_fields=columns.intersection(form.changed_data))
        course = obj if isinstance(obj, Course) else getattr(obj, "course", None)
        if isinstance(course, Course):
            touch_outline(course)
            announce_counted_lessons(course)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save lists of other rows where they were changed."""
        for field in self.model._meta.many_to_many:
            if field.name not in form.changed_data:
                form.cleaned_data.pop(field.name, None)
        super().save_related(request, form, formsets, change)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Have the page carry what it shows, so that `changed_data` is what its user changed."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None:
            field.show_hidden_initial = True
        return field

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's
        meta = self.model._meta
        is_editable = meta.app_label in EDITABLE and meta.model_name not in NEVER
        return is_editable and self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's
        return False


def _holds(texts: Iterable[str], words: list[str]) -> bool:
    folded = "\n".join(map(fold, texts))
    return all(word in folded for word in words)


def owners_site() -> OwnersSite:
    """Return the admin with all models of ours in it."""
    site = OwnersSite(name="admin")
    for model in apps.get_models():
        if model.__module__.startswith("stepwell."):
            site.register(model, RepairAdmin)
    return site
