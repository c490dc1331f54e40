from __future__ import annotations

import asyncio
import socket
from urllib.parse import urlsplit

import pytest

from pytest_litmus.errors import UnguardedConnection
from pytest_litmus.recorder import capturing
from tests.sdk.cases_raw import over_httpx


@pytest.fixture
def cassette(provider, tmp_path):
    """A cassette recorded against the provider, which makes its address a model's."""
    with capturing(cassette=tmp_path / "c.yaml", mode="once"):
        list(over_httpx(provider.url, "hello", False))
    return tmp_path / "c.yaml"


def test_a_raw_socket_to_a_recorded_model_is_refused(provider, cassette):
    parts = urlsplit(provider.url)
    reached = provider.reached

    with (
        capturing(cassette=cassette, mode="none") as recorder,
        pytest.raises(UnguardedConnection, match="uncaptured"),
    ):
        socket.create_connection((parts.hostname, parts.port), timeout=5)

    assert provider.reached == reached
    assert len(recorder.misses) == 1


def test_a_websocket_to_a_recorded_model_is_refused(provider, cassette):
    client = pytest.importorskip("websockets.sync.client")
    reached = provider.reached

    with (
        capturing(cassette=cassette, mode="none"),
        pytest.raises(UnguardedConnection, match="websocket"),
    ):
        client.connect(provider.url.replace("http", "ws"))

    assert provider.reached == reached


def test_a_websocket_to_a_model_host_is_refused_before_its_name_is_looked_up(tmp_path):
    client = pytest.importorskip("websockets.sync.client")

    with (
        capturing(cassette=tmp_path / "c.yaml", mode="none"),
        pytest.raises(UnguardedConnection, match=r"api\.openai\.com"),
    ):
        client.connect("wss://api.openai.com/v1/realtime")


def test_a_grpc_channel_to_a_model_host_is_refused(tmp_path):
    grpc = pytest.importorskip("grpc")

    with (
        capturing(cassette=tmp_path / "c.yaml", mode="none"),
        pytest.raises(UnguardedConnection, match="gRPC"),
    ):
        grpc.insecure_channel("us-central1-aiplatform.googleapis.com:443")


def test_a_socket_to_anything_else_is_free(cassette):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with capturing(cassette=cassette, mode="none") as recorder:
            socket.create_connection(listener.getsockname(), timeout=5).close()

    assert not recorder.misses


def test_a_grpc_channel_of_asyncio_to_a_model_host_is_refused(tmp_path):
    aio = pytest.importorskip("grpc.aio")

    async def connect():
        aio.insecure_channel("dns:///us-central1-aiplatform.googleapis.com:443")

    with (
        capturing(cassette=tmp_path / "c.yaml", mode="none"),
        pytest.raises(UnguardedConnection, match="gRPC"),
    ):
        asyncio.run(connect())


def test_curl_to_a_recorded_model_is_refused(provider, cassette):
    requests = pytest.importorskip("curl_cffi.requests")
    reached = provider.reached

    with (
        capturing(cassette=cassette, mode="none"),
        pytest.raises(UnguardedConnection, match="curl"),
    ):
        requests.post(f"{provider.url}/v1/chat/completions", json={})

    assert provider.reached == reached


def test_an_asyncio_stream_to_a_recorded_model_is_refused(provider, cassette):
    parts = urlsplit(provider.url)

    with (
        capturing(cassette=cassette, mode="none"),
        pytest.raises(UnguardedConnection, match="uncaptured"),
    ):
        asyncio.run(asyncio.open_connection(parts.hostname, parts.port))


def test_a_live_capture_guards_nothing(provider):
    parts = urlsplit(provider.url)

    with capturing(cassette=None) as recorder:
        socket.create_connection((parts.hostname, parts.port), timeout=5).close()

    assert not recorder.misses
