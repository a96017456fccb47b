"""A site with an issuer of single sign-on."""

from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from stepwell.accounts.models import Role
from tests.accounts.issuer import Issuer
from tests.factories import make_user


@pytest.fixture
def issuer(settings: Any) -> Iterator[Issuer]:
    """Run an issuer and let the site use it."""
    settings.SITE = settings.SITE.model_copy(update={"oidc_name": "Riverside ID"})
    with Issuer() as server:
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "APPS": [
                    {
                        "provider_id": "oidc",
                        "name": "Riverside ID",
                        "client_id": "stepwell",
                        "secret": "secret",
                        "settings": {"server_url": server.address},
                    }
                ]
            }
        }
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.closing.set()
        server.shutdown()


@pytest.fixture
def arrive(issuer: Issuer, db: None) -> Callable[..., HttpResponse]:
    """Return a function that goes to the issuer and comes back, as a browser would."""
    make_user("Olga Owner", role=Role.OWNER)

    def arrive(client: Client, process: str = "login", **claims: Any) -> Any:
        if claims:
            issuer.answers["/userinfo"] = claims
        sent = client.post(f"/accounts/oidc/oidc/login/?process={process}")
        if sent.status_code != 302:
            return sent
        query = parse_qs(urlsplit(sent.url).query)  # type: ignore[attr-defined]  # a redirect
        back = {"code": "1", "state": query["state"][0]}
        return client.get("/accounts/oidc/oidc/login/callback/", back, follow=True)

    return arrive
