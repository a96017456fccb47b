"""What is stored of an API token."""

import hashlib


def digest_of(secret: str) -> str:
    """Return a token's SHA-256, enough protection for 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
