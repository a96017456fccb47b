"""What became of a mail; each carries `about`, the name that whoever wrote the mail gave it."""

from django.dispatch import Signal

mail_sent = Signal()
"""A mail server took it."""

mail_failed = Signal()
"""It was given up: after the last attempt, as the server refused it for good, or by the owner."""
