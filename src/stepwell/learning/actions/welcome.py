"""Telling people that somebody else has enrolled them."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from stepwell.core.addresses import site_address
from stepwell.learning.models import Enrollment
from stepwell.school.mail import Mail
from stepwell.school.queries import get_name


def tell_of_enrollment(enrollment: Enrollment) -> None:
    """Send a mail in the site's language that names the course and leads there."""
    context = {
        "course": enrollment.course,
        "site_name": get_name(),
        "address": site_address(enrollment.course.get_absolute_url()),
    }
    with translation.override(settings.LANGUAGE_CODE):
        subject = render_to_string("learning/email/welcome_subject.txt", context)
        message = render_to_string("learning/email/welcome_message.txt", context)
    Mail(" ".join(subject.split()), message, enrollment.user.email).send()
