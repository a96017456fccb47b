"""The work that a worker does for accounts."""

from django_tasks import task

from stepwell.accounts.invitations import send_invitation


@task()
def mail_invitation(key: int) -> None:
    """Send the mail of the invitation with this primary key."""
    send_invitation(key)
