from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pytest_litmus.recorder import capturing
from tests.sdk.cases_raw import answered, asked, over_requests
from tests.sdk.loopback import Provider
from tests.sdk.matrix import ROWS
from tests.sdk.proofs import assert_same_body
from tests.sdk.rows import each_row

# aiohttp makes its TLS context at import, before a test can name a certificate: see the last test.
OVER_TLS = [
    row
    for row in ROWS
    if row.sdk in {"httpx", "httpx2", "requests", "urllib3", "urllib.request", "boto3 Bedrock"}
]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 and its key, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    pem = tmp_path_factory.mktemp("tls") / "both.pem"
    command = f"{openssl} req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=loopback"
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        [*command.split(), *names, "-keyout", pem, "-out", pem.with_suffix(".crt")],
        check=True,
        capture_output=True,
    )
    pem.write_bytes(pem.read_bytes() + pem.with_suffix(".crt").read_bytes())
    return pem


@pytest.fixture
def secure(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider over TLS that every library is told to trust."""
    trusted = str(certificate.with_suffix(".crt"))
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE"):
        monkeypatch.setenv(name, trusted)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Provider(tls=context) as running:
        yield running


@each_row(OVER_TLS)
def test_calls_over_tls_are_recorded_and_replayed(row, secure, tmp_path):
    with capturing(cassette=tmp_path / "c.yaml", mode="once") as recorded:
        texts = row.run(secure.url, "hello")
    reached = secure.reached

    with capturing(cassette=tmp_path / "c.yaml", mode="none") as replayed:
        assert row.run(secure.url, "hello") == texts

    assert_same_body(replayed.exchanges[0], recorded.exchanges[0], row)
    assert secure.reached == reached == (1, 1)


def test_threads_lose_no_call_over_tls(secure, tmp_path):
    with (
        capturing(cassette=tmp_path / "c.yaml", mode="once") as recorder,
        ThreadPoolExecutor(8) as pool,
    ):
        said = list(
            pool.map(lambda n: "".join(over_requests(secure.url, f"{n}", False)), range(40))
        )

    assert said == [f"You said {number}." for number in range(40)]
    assert len(recorder.exchanges) == len(secure.seen) == 40


def test_aiohttp_over_tls_is_recorded_and_replayed(secure, certificate, tmp_path):
    import asyncio

    import aiohttp

    trusted = ssl.create_default_context(cafile=certificate.with_suffix(".crt"))

    async def ask() -> str:
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                f"{secure.url}/v1/chat/completions", json=asked("hello"), ssl=trusted
            ) as response,
        ):
            return answered(await response.read())

    with capturing(cassette=tmp_path / "c.yaml", mode="once"):
        assert asyncio.run(ask()) == "You said hello."
    with capturing(cassette=tmp_path / "c.yaml", mode="none"):
        assert asyncio.run(ask()) == "You said hello."

    assert len(secure.seen) == 1
