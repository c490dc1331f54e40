"""What the capture costs: `python -m tests.bench.capture_cost` prints ratios measured in one run.

Plain httpx2 against a provider on a loopback port, then the same captured, recording and replayed,
Plain httpx2 against a provider on a loopback port, then the same captured, recorded and replayed,
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2

from pytest_litmus import Matching, capturing
from pytest_litmus.capture.exchange import Exchange, Request
from tests.sdk.loopback import Provider

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

ROUNDS = 150
SIZES = (5, 50, 500, 5_000)


def main() -> None:
    """Print both tables."""
    with Provider() as provider, tempfile.TemporaryDirectory() as folder:
        _print_stream_table(provider.url, Path(folder))
        _print_size_table(Path(folder))


def _print_stream_table(url: str, folder: Path) -> None:
    ways = _ways(folder)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    with httpx2.Client() as client:
        for number in range(ROUNDS):
            for name, opened in ways.items():
                with opened(number):
                    times[name].append(_streamed(client, url))
    plain = [statistics.median(column) for column in zip(*times["plain"], strict=True)]
    _say(f"{'a stream of 5 pieces':24}{'first piece':>14}{'':>10}{'whole':>14}")
    for name, measured in times.items():
        first, whole = (statistics.median(column) for column in zip(*measured, strict=True))
        delay = (first - plain[0]) * 1e3
        _say(f"{name:24}{first * 1e3:11.2f} ms{delay:+7.2f} ms{whole * 1e3:11.2f} ms")


def _ways(folder: Path) -> dict[str, Callable[[int], AbstractContextManager[object]]]:
    from contextlib import nullcontext

    return {
        "plain": lambda _: nullcontext(),
        "captured": lambda _: capturing(),
        "recording": lambda n: capturing(cassette=folder / f"{n}.yaml", mode="all"),
        "replayed": lambda n: capturing(cassette=folder / f"{n}.yaml", mode="none"),
    }


def _streamed(client: httpx2.Client, url: str) -> tuple[float, float]:
    """Seconds to the first piece, and to the last."""
    body = {"model": "gpt-4o", "stream": True, "messages": [{"role": "user", "content": "hi"}]}
    began, first = time.perf_counter(), None
    with client.stream("POST", f"{url}/v1/chat/completions", json=body) as response:
        for _ in response.iter_raw():
            first = first or time.perf_counter() - began
    return first or 0.0, time.perf_counter() - began


def _print_size_table(folder: Path) -> None:
    _say(f"\n{'recorded interactions':24}{'a replayed request':>20}")
    for size in SIZES:
        path = folder / f"size-{size}.yaml"
        path.write_text(_cassette(size), encoding="utf-8")
        with capturing(cassette=path) as recorder:
            spent = [_claimed(recorder.capture.begin, size - 1 - n) for n in range(5)]
        _say(f"{size:<24}{statistics.median(spent) * 1e6:17.0f} us")


def _claimed(begin: Callable[[Request], object], number: int) -> float:
    request = _request(number)
    began = time.perf_counter()
    begin(request)
    return time.perf_counter() - began


def _request(number: int) -> Request:
    body = f'{{"model": "gpt-4o", "messages": [{{"role": "user", "content": "{number}"}}]}}'
    url = "https://api.openai.com/v1/chat/completions"
    return Request(method="POST", url=url, body=body.encode())


def _cassette(size: int) -> str:
    from pytest_litmus.capture import cassette_file
    from pytest_litmus.capture.exchange import Chunk
    from pytest_litmus.capture.tape import Recording

    answer = (Chunk(0.1, b'{"choices": [{"message": {"content": "yes"}}]}'),)
    items = []
    for number in range(size):
        request = _request(number)
        exchange = Exchange(request=request, status=200, chunks=answer, ended="eof")
        kept = Recording(request=request, key=Matching().key(request), exchange=exchange)
        items.append(cassette_file.interaction(kept, streamed=False))
    return cassette_file.dump(items)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
