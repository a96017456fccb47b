"""What became of a mail. `about` is the name that its sender gave it."""

from django.dispatch import Signal

mail_sent = Signal()
"""A mail server took it."""

mail_failed = Signal()
"""It was given up: after the last attempt, as the server refused it for good, or by the owner."""
