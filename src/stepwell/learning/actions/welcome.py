"""Telling people that somebody else has enrolled them."""

from functools import partial

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django_tasks import task

from stepwell.core.addresses import site_address
from stepwell.core.waking import wake_worker
from stepwell.learning.models import Enrollment
from stepwell.school.queries import get_name


def tell_of_enrollment(enrollment: Enrollment) -> None:
    """Have a mail sent after the commit that names the course and leads there."""
    transaction.on_commit(partial(_enqueue, enrollment.pk))


def send_welcome(enrollment_id: int) -> None:
    """Send the mail of an enrollment, unless it has ended meanwhile."""
    enrollments = Enrollment.objects.active().select_related("user", "course")
    enrollment = enrollments.filter(pk=enrollment_id).first()
    if enrollment is None:
        return
    context = {
        "course": enrollment.course,
        "site_name": get_name(),
        "address": site_address(enrollment.course.get_absolute_url()),
    }
    subject = render_to_string("learning/email/welcome_subject.txt", context)
    message = render_to_string("learning/email/welcome_message.txt", context)
    send_mail(" ".join(subject.split()), message, None, [enrollment.user.email])


@task()
def mail_welcome(enrollment_id: int) -> None:
    """Send the mail of the enrollment with this primary key, in a worker."""
    send_welcome(enrollment_id)


def _enqueue(enrollment_id: int) -> None:
    mail_welcome.enqueue(enrollment_id)
    wake_worker()
