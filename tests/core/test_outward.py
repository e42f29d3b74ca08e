"""Calls to other people's servers reach the public internet and nothing else."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.outward import LARGEST, NoAnswer, NotCalled, Outside, is_public, split
from tests.certificates import authority
from tests.oidc_server import Provider, providing


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.1", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::1",
        "::127.0.0.1", "::ffff:0:169.254.169.254", "::ffff:0:0:7f00:1",
        "64:ff9b:1::7f00:1", "fec0::1", "5f00::1", "3fff::1", "192.88.99.1",
    ],
)  # fmt: skip
def test_address_inside_or_carrying_one_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@example.org/",
        "https://example.org:22/",
        "https://example.org:99999/",
        "https://exa mple.org/",
        "https://example.org/\r\nX: y",
        "https://ex\N{LATIN SMALL LETTER A WITH DIAERESIS}mple.org/",
        "https://[::1/",
        "https://example..org/",
        "https://.example.org/",
        f"https://{'a' * 64}.example.org/",
        "https://example.org/caf\N{LATIN SMALL LETTER E WITH ACUTE}",
        "https://example.org/?q=\N{LATIN SMALL LETTER E WITH ACUTE}",
        "",
    ],
)
def test_what_is_no_plain_https_address_is_not_called(url: str) -> None:
    with pytest.raises(NotCalled):
        split(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://127.1/",
        "https://169.254.169.254/latest/meta-data/",
    ],
)
def test_this_machine_and_its_network_are_not_called_whatever_they_are_written_like(url: str) -> None:
    with pytest.raises((NotCalled, NoAnswer)) as caught:
        Outside().get(url)
    assert "did not answer" not in str(caught.value), "it was called"


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """A real server on loopback."""
    with providing(tmp_path_factory.mktemp("provider")) as running:
        yield running


def test_server_that_is_trusted_is_called_and_its_certificate_checked(provider: Provider, tmp_path: Path) -> None:
    assert Outside(provider.trusted).get_json(f"{provider.issuer}/keys")["keys"]
    stranger, _context = authority(tmp_path, "localhost")
    with pytest.raises(NoAnswer, match="SSLCertVerificationError"):
        Outside(str(stranger)).get(f"{provider.issuer}/keys")


def test_redirect_is_not_followed(provider: Provider) -> None:
    with pytest.raises(NoAnswer, match="302"):
        Outside(provider.trusted).get(f"{provider.issuer}/elsewhere")


def test_answer_that_is_too_large_or_no_object_is_refused(provider: Provider) -> None:
    provider.files |= {"/large": "x" * (LARGEST + 1), "/list": "[1]", "/text": "hello", "/deep": "[" * 100_000}
    ours = Outside(provider.trusted)
    with pytest.raises(NoAnswer, match="too much"):
        ours.get(f"{provider.issuer}/large")
    for path in ("list", "text", "deep", "missing"):
        with pytest.raises(NoAnswer):
            ours.get_json(f"{provider.issuer}/{path}")


def test_server_that_breaks_off_is_no_answer(tmp_path: Path) -> None:
    trusted, _context = authority(tmp_path, "localhost")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=lambda: listening.accept()[0].close())
        thread.start()
        with pytest.raises(NoAnswer):
            Outside(str(trusted)).get(f"https://localhost:{listening.getsockname()[1]}/")
        thread.join()
