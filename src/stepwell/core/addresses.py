"""Absolute URLs of the site's pages, for mails and other places outside of a request."""

from django.conf import settings


def site_address(path: str) -> str:
    """Return the whole address of a page, as mails and exports name it."""
    site = settings.SITE
    return (site.address or site.own_address) + path
