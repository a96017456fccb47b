"""The forms of the studio."""

from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from stepwell.accounts.models import User
from stepwell.accounts.queries import get_instructors
from stepwell.courses.models import Course, Lesson
from stepwell.web.edit_forms import EditForm

# Languages that a course may be written in, each by its own name.
WRITTEN = {
    code: capfirst(str(info["name_local"])) for code, info in LANG_INFO.items() if "name" in info
}


class CourseForm(forms.Form):
    """All that a new course needs."""

    title = forms.CharField(
        label=_("Title"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class LinesField(forms.CharField):
    """A list of short texts, one a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in str(super().clean(value)).splitlines()]
        return [line for line in lines if line]


class DetailsForm(EditForm):
    """What a course says about itself, and who teaches it."""

    title = forms.CharField(label=_("Title"), max_length=200)
    slug = forms.CharField(
        label=_("Address"),
        max_length=90,
        help_text=_("The end of its link. Links to its former address go on to work."),
    )
    summary = forms.CharField(
        label=_("Summary"),
        max_length=400,
        required=False,
        help_text=_("Two lines, which the catalog shows."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    outcomes = LinesField(
        label=_("What you will learn"),
        required=False,
        help_text=_("One a line."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        strip=False,
        help_text=_("Markdown, shown on the course’s page."),
        widget=forms.Textarea(attrs={"rows": 8, "class": "source"}),
    )
    minutes = forms.IntegerField(
        label=_("Estimated time in minutes"),
        min_value=0,
        max_value=1_000_000,
        required=False,
        help_text=_("Leave it empty for the sum of its lessons."),
    )
    language = forms.ChoiceField(
        label=_("Language"), help_text=_("In which the course is written."), choices=()
    )
    teachers = forms.ModelMultipleChoiceField(
        label=_("Instructors"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    FIELDS = ("title", "slug", "summary", "outcomes", "description", "language")

    def __init__(self, sent: Any, *, course: Course) -> None:
        initial = {name: getattr(course, name) for name in self.FIELDS}
        initial |= {"minutes": course.minutes or None, "teachers": course.instructors.all()}
        super().__init__(sent, initial=initial)
        known = dict(sorted(WRITTEN.items(), key=lambda each: each[1]))
        known.setdefault(course.language, course.language)
        self.fields["language"].choices = list(known.items())  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["teachers"].queryset = get_instructors()  # type: ignore[attr-defined]  # a ModelChoiceField

    @property
    def changes(self) -> dict[str, Any]:
        """The course's fields that the user changed, as the action takes them."""
        fields = self.taken(*self.FIELDS, "minutes")
        if "description" in fields:
            fields["description"] = fields["description"].replace("\r\n", "\n")
        if "minutes" in fields:
            fields["minutes"] = fields["minutes"] or 0
        return fields

    @property
    def instructors(self) -> list[User] | None:
        """The course's instructors, or None if the user left them as they are."""
        return list(self.cleaned_data["teachers"]) if "teachers" in self.touched else None


class LessonForm(EditForm):
    """What the outline and the address say of a lesson."""

    slug = forms.CharField(
        label=_("Address"),
        max_length=90,
        help_text=_("The end of its link. Links to its former address go on to work."),
    )
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=0,
        max_value=9_999,
        required=False,
        help_text=_("How long it takes; leave it empty if you don’t know."),
    )
    video = forms.CharField(
        label=_("Video"),
        max_length=500,
        required=False,
        help_text=_("Its address on YouTube, Vimeo or Loom. Empty it to take the video away."),
    )
    video_file = forms.FileField(
        label=_("Or a video file"),
        required=False,
        help_text=_("MP4 or WebM; it is played by the browser."),
        widget=forms.FileInput(attrs={"accept": ".mp4,.webm"}),
    )
    captions = forms.FileField(
        label=_("Captions"),
        required=False,
        help_text=_("WebVTT or SubRip, for the video file."),
        widget=forms.FileInput(attrs={"accept": ".vtt,.srt"}),
    )
    poster = forms.FileField(
        label=_("Poster"),
        required=False,
        help_text=_("A picture shown before the video file plays."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/avif"}),
    )

    @classmethod
    def of(cls, lesson: Lesson, data: Any = None, files: Any = None) -> "LessonForm":
        """Return the form with what is so now."""
        initial = {"slug": lesson.slug, "minutes": lesson.minutes or None, "video": lesson.video}
        stored = {
            "video_file": lesson.video,
            "captions": lesson.captions,
            "poster": lesson.poster,
        }
        return cls(data, files, initial=initial, stored=stored)

    @property
    def video_parts(self) -> dict[str, Any]:
        """The video of a valid form, as the action takes it."""
        sent = self.cleaned_data
        return {
            "link": sent["video"],
            "file": sent["video_file"],
            "captions": sent["captions"],
            "poster": sent["poster"],
        }

    @property
    def changes(self) -> dict[str, Any]:
        """The lesson's other fields that the user changed, as the action takes them."""
        fields = self.taken("slug", "minutes")
        if "minutes" in fields:
            fields["minutes"] = fields["minutes"] or 0
        return fields
