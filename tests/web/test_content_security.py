"""Pages may load nothing but what is ours; a file's own, stricter policy stands."""

import pytest
from django.test import Client

from stepwell.web.content_security import write_policy


@pytest.mark.django_db
def test_every_page_says_what_it_may_load() -> None:
    policy = Client().get("/courses/")["Content-Security-Policy"]

    assert policy.startswith(
        "default-src 'self'; script-src 'self' 'inline-speculation-rules'; style-src 'self'; "
    )
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_policy_is_written_as_browsers_read_it() -> None:
    assert write_policy({"img-src": ["'self'", "data:"], "object-src": ["'none'"]}) == (
        "img-src 'self' data:; object-src 'none'"
    )
