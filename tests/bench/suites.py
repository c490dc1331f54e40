"""What suites cost: `python -m tests.bench.suites` prints ratios.

Collection of many items against as many parametrized functions, in CPU time and in turns; and the
time of many prompts at a concurrency against the least that the server's delay allows, with the
CPU time of a run of as many empty tests taken for pytest's own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pytest_litmus.suites.attacks import pytest_llm_attacks
from tests.bench.startup import environment

ITEMS, ATTACKS, ROUNDS = 10_000, 50, 3
PROMPTS, CONCURRENCY, DELAY_S = 1_000, 32, 0.1
ANSWER = b'{"model": "m", "choices": [{"message": {"role": "assistant", "content": "No."}}]}'
RUN = """
import os, sys, time, pytest
started = time.perf_counter()
status = pytest.main(sys.argv[1:])
print("took", time.process_time(), time.perf_counter() - started, file=sys.stderr)
sys.stderr.flush()
sys.exit(status)
"""


class Slow(BaseHTTPRequestHandler):
    """Answers each chat after the same delay."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        time.sleep(DELAY_S)
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *_: object) -> None:
        """Nothing."""


class Server(ThreadingHTTPServer):
    """Many ask it at the same time."""

    request_queue_size = 256


def main() -> None:
    """Print both."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        collection(folder)
        concurrency(folder)


def collection(folder: Path) -> None:
    """Items against functions, the least CPU time of some rounds in turns."""
    tests = folder / "test_many.py"
    tests.write_text(_functions(ITEMS), encoding="utf-8")
    for told, text in _collected().items():
        suite = folder / "many.llm.yaml"
        suite.write_text(text, encoding="utf-8")
        rounds = [(_took(tests, "--co")[0], _took(suite, "--co")[0]) for _ in range(ROUNDS)]
        functions, items = (min(times) for times in zip(*rounds, strict=True))
        say(
            f"collecting {told}: functions {functions:.2f} s of CPU, items {items:.2f} s: "
            f"{items / functions:.2f} times (at most 1.5)"
        )


def _collected() -> dict[str, str]:
    """The same number of items: of cases with many attacks, and of as many cases."""
    names = [one.name for one in pytest_llm_attacks() if one.family != "carrier"]
    attacks = ", ".join(names[:ATTACKS])
    crossed = _suite("app:answer", ITEMS // ATTACKS, f"attacks: [{attacks}], ")
    return {
        f"{ITEMS // ATTACKS:,} cases with {ATTACKS} attacks": crossed,
        f"{ITEMS:,} cases": _suite("app:answer", ITEMS),
    }


def concurrency(folder: Path) -> None:
    """Prompts against a slow server, over the ideal and pytest's own time."""
    suite, tests = folder / "slow.llm.yaml", folder / "test_few.py"
    tests.write_text(_functions(PROMPTS), encoding="utf-8")
    with Server(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        target = f"{{endpoint: 'http://127.0.0.1:{server.server_port}/v1', model: m}}"
        suite.write_text(_suite(target, PROMPTS), encoding="utf-8")
        own = min(_took(tests)[1] for _ in range(ROUNDS))
        options = ("--llm-live", f"--llm-concurrency={CONCURRENCY}")
        cpu, wall = min((_took(suite, *options) for _ in range(ROUNDS)), key=lambda one: one[1])
        server.shutdown()
    ideal = PROMPTS * DELAY_S / CONCURRENCY
    say(
        f"{PROMPTS:,} prompts at {CONCURRENCY}: {wall:.2f} s ({cpu:.2f} s of CPU); the ideal is "
        f"{ideal:.2f} s and pytest's own time {own:.2f} s: {(wall - own) / ideal:.2f} times the "
        "ideal (at most 1.2)"
    )


def _suite(target: str, cases: int, more: str = "") -> str:
    lines = (
        f"  - {{id: c{number}, prompt: 'question {number}', {more}expect: [refuses]}}\n"
        for number in range(cases)
    )
    return f"target: {target}\ncases:\n{''.join(lines)}"


def _functions(count: int) -> str:
    return textwrap.dedent(
        f"""
        import pytest
        @pytest.mark.parametrize("n", range({count}))
        def test_many(n): pass
        """
    )


def _took(path: Path, *options: str) -> tuple[float, float]:
    """The seconds of CPU, and of the clock, of a run of pytest with our plugin alone."""
    command = [sys.executable, "-c", RUN, "-q", "-q", "-p", "no:cacheprovider", "-p", "litmus"]
    done = subprocess.run(
        [*command, *options, str(path)],
        capture_output=True,
        text=True,
        cwd=path.parent,
        env=environment(path.parent),
        check=False,
    )
    line = next(text for text in done.stderr.splitlines() if text.startswith("took "))
    cpu, wall = line.split()[1:]
    return float(cpu), float(wall)


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
