"""An issuer of single sign-on that never answers holds up nobody else."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.serving.conftest import ADDRESS, SOON, RunningSite, running

FORM = "application/x-www-form-urlencoded"
PASSWORD = "a well of many steps"
AT_ONCE = 4  # clicks that a server process lets wait


@pytest.fixture
def silent_issuer() -> Iterator[socket.socket]:
    with socket.create_server((ADDRESS, 0)) as listening:
        listening.settimeout(SOON)
        yield listening


@pytest.fixture
def site(site_folder: Path, silent_issuer: socket.socket) -> Iterator[RunningSite]:
    port = silent_issuer.getsockname()[1]
    with running(
        site_folder,
        STEPWELL_WORKERS="1",
        STEPWELL_OIDC_ISSUER=f"http://{ADDRESS}:{port}",
        STEPWELL_OIDC_CLIENT_ID="stepwell",
        STEPWELL_OIDC_CLIENT_SECRET="secret",
    ) as site:
        site.wait_until_ready()
        command = ["create-owner", "olga@example.org", "--password", PASSWORD]
        made = [sys.executable, "-m", "stepwell.cli", *command]
        subprocess.run(made, env=site.environment, check=True)
        yield site


def test_clicks_that_wait_for_the_issuer_hold_up_nobody(
    site: RunningSite, silent_issuer: socket.socket
) -> None:
    _status, headers, page = site.get("/accounts/login/", Host="localhost")
    cookie = headers["Set-Cookie"].split(";")[0]
    [token, *_others] = re.findall('name="csrfmiddlewaretoken" value="([^"]+)"', page.decode())
    form = {"csrfmiddlewaretoken": token}
    click = urlencode(form)
    head = (
        f"POST /accounts/oidc/oidc/login/ HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n"
        f"Content-Type: {FORM}\r\nContent-Length: {len(click)}\r\n\r\n"
    )

    waiting = [site.send(head + click) for _each in range(3 * AT_ONCE)]
    asked = [silent_issuer.accept()[0] for _each in range(AT_ONCE)]
    sign_in = urlencode(form | {"login": "olga@example.org", "password": PASSWORD})
    signed_in = site.get(
        "/accounts/login/",
        "POST",
        sign_in.encode(),
        Host="localhost",
        Cookie=cookie,
        Content_Type=FORM,
    )
    catalog = site.get("/courses/", Host="localhost")

    assert (signed_in[0], catalog[0]) == (302, 200)
    for connection in (*waiting, *asked):
        connection.close()
