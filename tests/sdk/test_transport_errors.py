from __future__ import annotations

import socket

import pytest

from pytest_litmus.recorder import capturing
from tests.sdk.matrix import ROWS
from tests.sdk.rows import Row, each_row

# google-genai subclasses aiohttp's session, which aiohttp advises against.
pytestmark = pytest.mark.filterwarnings("ignore:Inheritance class:DeprecationWarning")


@pytest.fixture
def closed_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def error_of(row: Row, url: str) -> type[BaseException]:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is what is asked
        row.run(url, "hello")
    return caught.type


@each_row([row for row in ROWS if row.is_raw and not row.is_streamed])
def test_a_connection_error_is_recorded_and_raised_again(row, closed_port, tmp_path):
    url = f"http://127.0.0.1:{closed_port}"
    bare = error_of(row, url)

    with capturing(cassette=tmp_path / "c.yaml", mode="once") as recorder:
        recorded = error_of(row, url)
    with capturing(cassette=tmp_path / "c.yaml", mode="none") as replayer:
        replayed = error_of(row, url)

    assert recorded is bare
    assert issubclass(replayed, bare) or issubclass(bare, replayed)
    assert recorder.calls[0].error_type == replayer.calls[0].error_type
    assert replayer.calls[0].status is None
    assert not replayer.misses
