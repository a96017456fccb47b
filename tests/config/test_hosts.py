"""By which hosts and ports the site can be reached."""

import json
import logging
from typing import Any

import pytest
from django.test import Client

from stepwell.config.site import SiteSettings


@pytest.fixture
def use_site(settings: Any) -> Any:
    """Return a function that sets what the owner has set."""

    def use_site(**named: Any) -> None:
        settings.SITE = SiteSettings(data=settings.SITE.data, **named)
        settings.ALLOWED_HOSTS = settings.SITE.hosts

    return use_site


@pytest.fixture
def named_site(use_site: Any) -> None:
    named = "old.example, lan.example:8443"
    use_site(address="https://school.example", port=8100, allowed_hosts=named)


def status_for(host: str) -> int:
    return Client().get("/healthz", headers={"host": host}).status_code


@pytest.mark.parametrize(
    "host",
    [
        *("school.example", "school.example:443", "SCHOOL.example", "school.example."),
        *("127.0.0.1:8100", "localhost:8100", "[::1]:8100", "127.0.0.1"),
        *("old.example", "old.example:443", "lan.example:8443"),
    ],
)
def test_own_hosts_and_ports_are_answered(named_site: None, host: str) -> None:
    assert status_for(host) == 200


@pytest.mark.parametrize(
    "host",
    [
        *("school.example:1000", "school.example:80", "school.example:8100", "school.example:0443"),
        *("evil.example", "school.example.evil.example", "127.0.0.1:1000", "localhost:443"),
        *("old.example:8443", "lan.example:443", "school.example@evil.example", "a b", "", ":443"),
    ],
)
def test_foreign_hosts_and_ports_are_refused(named_site: None, host: str) -> None:
    assert status_for(host) == 400


def test_address_of_another_port_or_alphabet_is_answered(use_site: Any) -> None:
    use_site(address="http://schüle.example:8080")

    assert status_for("xn--schle-mva.example:8080") == 200
    assert status_for("xn--schle-mva.example") == 200  # proxies that leave the port out
    assert status_for("xn--schle-mva.example:80") == 400


def test_without_an_address_any_port_is_answered(use_site: Any) -> None:
    use_site()

    assert status_for("localhost:1234") == 200
    assert status_for("evil.example") == 400


def test_refusal_is_a_page_of_ours_and_one_line_in_the_log(
    use_site: Any, caplog: pytest.LogCaptureFixture
) -> None:
    use_site(address="https://school.example")

    with caplog.at_level(logging.INFO):
        answer = Client().get("/courses/", headers={"host": "evil.example\nx"})

    assert answer.status_code == 400
    assert "Go to https://school.example" in answer.content.decode()
    assert [record.getMessage() for record in caplog.records] == [
        "Refused a request for the host evil.example\\nx"
    ]
    assert caplog.records[0].exc_info is None


@pytest.mark.parametrize("address", ["/api/v1/courses", "/api/nothing"])
def test_foreign_host_is_refused_in_json_by_the_api(use_site: Any, address: str) -> None:
    use_site(address="https://school.example")

    answer = Client().get(address, headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert json.loads(answer.content)["error"]["code"] == "foreign_host"
