"""What happened to people, told after commit."""

from django.dispatch import Signal

profile_updated = Signal()
"""`user`: the person, whose name or handle others may now see changed. Sender: `User`."""

person_readmitted = Signal()
"""`user`: the person, whose suspended account is open again. Sender: `User`."""

person_joined = Signal()
"""`user`: the person; `email`: an address that is known to be theirs now. Sender: `User`."""
