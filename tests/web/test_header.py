"""The header's links to sign-in and sign-up lead back to the page."""

import pytest
from django.test import Client

from tests.web.sign_in import PAGES


@pytest.mark.usefixtures("owner")
def test_header_leads_back_to_the_page_through_sign_in(client: Client) -> None:
    page = client.get("/courses/?q=tea").content.decode()
    for name in ("account_login", "account_signup"):
        link = f"{PAGES[name]}?next=%2Fcourses%2F%3Fq%3Dtea"
        assert f'href="{link}"' in page
        # Account pages pass it on.
        assert (
            f'href="{link}"'
            in client.get(f"{PAGES['account_login']}?next=/courses/%3Fq=tea").content.decode()
        )


@pytest.mark.usefixtures("owner")
def test_header_leads_to_plain_sign_in_where_there_is_no_page_to_come_back_to() -> None:
    strict = Client(enforce_csrf_checks=True)
    for answer in (strict.get("/"), strict.post("/language/", {"language": "de"})):
        assert f'href="{PAGES["account_login"]}"' in answer.content.decode()
