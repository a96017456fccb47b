"""The owner's settings, and what follows from them."""

import socket
from pathlib import Path

import pytest

from stepwell.config.site import SiteSettings


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "site"


def test_site_answers_to_this_machine_alone_by_default(data: Path) -> None:
    hosts = SiteSettings(data=data).hosts
    assert "localhost" in hosts
    assert socket.gethostname() not in hosts


def test_site_open_to_the_network_answers_to_the_machines_own_names(data: Path) -> None:
    site = SiteSettings(data=data, host="0.0.0.0")  # noqa: S104  never bound here
    assert site.is_open_to_network
    assert socket.gethostname() in site.hosts
    assert "*" not in site.hosts


def test_site_answers_to_its_public_address_and_named_hosts(data: Path) -> None:
    site = SiteSettings(data=data, address="https://school.example/", allowed_hosts="a.example, b")
    assert {"school.example", "a.example", "b"} <= set(site.hosts)
    assert site.address == "https://school.example"


@pytest.mark.parametrize("address", ["https://", "http:///a", "https://a:b", "https://a:70000"])
def test_address_without_a_host_or_with_an_odd_port_is_refused(data: Path, address: str) -> None:
    with pytest.raises(ValueError, match="write the address like"):
        SiteSettings(data=data, address=address)


@pytest.mark.parametrize("url", ["postgres://a@b/c", "postgresql://a:b@c:1/d?sslmode=require", ""])
def test_database_is_postgresql_or_the_one_in_the_data_folder(data: Path, url: str) -> None:
    assert SiteSettings(data=data, database_url=url).database_url == url


@pytest.mark.parametrize("url", ["mysql://a/b", "oracle://a/b", "sqlite:///a", "sqlite://", "a/b"])
def test_database_of_another_kind_is_refused(data: Path, url: str) -> None:
    with pytest.raises(ValueError, match="write it like postgresql://"):
        SiteSettings(data=data, database_url=url)


@pytest.mark.parametrize("content", [None, b"", b"not a certificate"])
def test_file_without_certificates_is_refused(data: Path, content: bytes | None) -> None:
    file = data.parent / "mail-ca.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ValueError, match="no certificates can be read there"):
        SiteSettings(data=data, email_ca_file=str(file))


def test_empty_variable_is_as_if_not_set(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SiteSettings.model_fields:
        monkeypatch.setenv(f"STEPWELL_{name.upper()}", "")
    monkeypatch.chdir(data.parent)
    site = SiteSettings()
    assert site.data == data.parent / "data"
    assert (site.name, site.port) == ("Stepwell", 8000)


def test_default_data_folder_needs_no_name(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STEPWELL_DATA", raising=False)
    data.mkdir()
    monkeypatch.chdir(data)
    assert SiteSettings().is_data_default
    assert SiteSettings(data=data / "data").is_data_default
    assert not SiteSettings(data=data / "other").is_data_default


def test_secret_key_is_made_once_and_for_the_owner_alone(data: Path) -> None:
    key = SiteSettings(data=data).read_secret_key()
    assert len(key) >= 50
    assert SiteSettings(data=data).read_secret_key() == key
    assert (data / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in data.iterdir()] == ["secret_key"]
