"""docs/providers.md: its table says what the formats read, and its example runs."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import replace
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from pytest_litmus.wire import FORMATS, with_exchange
from pytest_litmus.wire.calls import Call
from tests.plugin.project import Project
from tests.wire.formats import PLAIN, STREAMS
from tests.wire.recordings import exchange, sse, stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_litmus.capture.exchange import Exchange

DOC = (Path(__file__).parents[2] / "docs/providers.md").read_text("utf-8")
YES = {True: "yes", False: "-"}


def rows() -> dict[str, list[str]]:
    """The cells of the table by format."""
    table = DOC.partition("<!-- formats: begin -->")[2].partition("<!-- formats: end -->")[0]
    lines = [line.strip("|").split("|") for line in table.strip().splitlines()[2:]]
    return {cells[0].strip(" `"): [cell.strip() for cell in cells[1:]] for cells in lines}


ROWS = rows()


def read(recorded: Exchange) -> tuple[str, Call]:
    """The format that reads a recording, and its call."""
    for name in FORMATS:
        call = import_module(f"pytest_litmus.wire.formats.{name}").pytest_llm_decode(recorded)
        if call is not None:
            return name, call
    raise AssertionError(recorded.request.url)


PLAIN_READ = [read(exchange(url, *both)) for url, both in PLAIN.items()]
STREAMS_READ = [read(stream(url, asked, *pieces)) for url, (asked, pieces) in STREAMS.items()]
ADDRESSES = list(zip([*PLAIN, *STREAMS], [*PLAIN_READ, *STREAMS_READ], strict=True))


def test_every_format_has_a_row_in_the_order_in_which_they_are_asked() -> None:
    assert list(ROWS) == list(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_a_row_says_what_the_recordings_show(name: str) -> None:
    calls = [call for found, call in (*PLAIN_READ, *STREAMS_READ) if found == name]
    counts = [call.usage for call in calls if call.usage.input_tokens is not None]

    assert ROWS[name][1:4] == [
        YES[any(call.output_text for call in calls)],
        YES[bool(counts)],
        YES[any(found == name for found, _ in STREAMS_READ)],
    ]


@pytest.mark.parametrize(("url", "found"), ADDRESSES, ids=[url for url, _ in ADDRESSES])
def test_every_address_that_is_recorded_is_one_of_its_row(
    url: str, found: tuple[str, Call]
) -> None:
    written = re.findall("`([^`]+)`", ROWS[found[0]][0])
    patterns = [re.sub(r"[A-Z]{2,}", "[^/]+", re.escape(address)) for address in written]
    path = urlsplit(url).path

    assert not patterns or any(re.search(f"{pattern}/?$", path) for pattern in patterns)


def block(name: str) -> str:
    """The code of the block that begins with a comment with this name."""
    (found,) = [
        code
        for code in re.findall(r"```python\n(.*?)```", DOC, re.DOTALL)
        if code.startswith(f"# {name}\n")
    ]
    return found


def module(name: str) -> Any:
    made = ModuleType("parrot")
    exec(compile(block(name), name, "exec"), made.__dict__)  # noqa: S102 - our own documentation
    return made


CONFTEST, INSIDE = "conftest.py", "src/pytest_litmus/wire/formats/parrot.py"
SAY = "https://api.parrot.example/v1/say"
ASKED = {"bird": "grey-2", "ask": "Hi"}
SPENT = {"heard": 8, "spoken": 2, "usd": "0.0001"}
SAID = {"bird": "grey-2b", "said": "Hello!", "end": "done", "spent": SPENT}
PIECES = sse(
    {"bird": "grey-2b"}, {"piece": "Hel"}, {"piece": "lo!"}, {"end": "done", "spent": SPENT}
)
TROUBLE = {"trouble": {"kind": "too_loud", "words": "Be quiet."}}


def decoded(name: str, recorded: Exchange) -> Call | None:
    call = module(name).pytest_llm_decode(recorded)
    return with_exchange(call, recorded) if call else None


@pytest.mark.parametrize(
    ("recorded", "text", "tokens", "error_type"),
    [
        (exchange(SAY, ASKED), "", None, None),
        (exchange(SAY, ASKED, SAID), "Hello!", 10, None),
        (stream(SAY, {**ASKED, "live": True}, *PIECES), "Hello!", 10, None),
        (stream(SAY, {**ASKED, "live": True}, *PIECES[:2], ended="closed"), "Hel", None, None),
        (exchange(SAY, ASKED, TROUBLE, status=429), "", None, "too_loud"),
        (exchange(SAY, ASKED, {}, status=503), "", None, "503"),
    ],
    ids=["unsent", "plain", "stream", "left", "error", "status"],
)
@pytest.mark.parametrize("name", [CONFTEST, INSIDE])
def test_the_example_reads_what_its_provider_says(
    name: str, recorded: Exchange, text: str, tokens: int | None, error_type: str | None
) -> None:
    call = decoded(name, recorded)

    assert call is not None
    assert (call.output_text, call.usage.total_tokens, call.error_type) == (
        text,
        tokens,
        error_type,
    )
    assert (call.request_model, call.input_text) == ("grey-2", "Hi")
    assert call.reported_cost_usd == (Decimal("0.0001") if tokens else None)


@pytest.mark.parametrize("recorded", [exchange(SAY, ASKED, SAID), exchange(SAY, ASKED)])
def test_both_forms_of_the_example_make_the_same_call(recorded: Exchange) -> None:
    outside, inside = decoded(CONFTEST, recorded), decoded(INSIDE, recorded)

    assert outside is not None
    assert inside is not None
    assert replace(inside, provider_name="parrot") == outside


def test_only_the_form_inside_knows_when_the_first_piece_came() -> None:
    call = decoded(INSIDE, stream(SAY, {**ASKED, "live": True}, *PIECES))

    assert call is not None
    assert call.time_to_first_chunk_s == 1.0


@pytest.mark.parametrize("name", [CONFTEST, INSIDE])
def test_the_example_lets_other_requests_pass(name: str) -> None:
    assert decoded(name, exchange("https://api.parrot.example/v1/cage", ASKED)) is None
    assert decoded(name, exchange(SAY, ASKED, method="GET")) is None


class Parrot(BaseHTTPRequestHandler):
    """The provider of the example, on a loopback port."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if asked["ask"] == "HI!":
            self._answer(429, json.dumps(TROUBLE).encode())
        elif asked.get("live"):
            self._answer(200, b"".join(PIECES))
        else:
            self._answer(200, json.dumps(SAID).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def parrot() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Parrot) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/say"
        server.shutdown()


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, parrot: str) -> Project:
    """A user's project with the example as its conftest.py."""
    for name in ("CI", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    pytester.makeini("[pytest]")
    pytester.makeconftest(block(CONFTEST))
    pytester.makepyfile(test_parrot=block("test_parrot.py").replace(SAY, parrot))
    return Project(pytester, None)  # type: ignore[arg-type] - it has a provider of its own


def test_with_the_example_a_run_ends_as_the_document_says(project: Project) -> None:
    (written,) = re.findall(r"```text\n\$ pytest (.*?)\n(.*?)```", DOC, re.DOTALL)

    ran = project.run(written[0])

    ran.assert_outcomes(passed=3)
    ran.stdout.no_fnmatch_line("*undecodable*")
    for line in written[1].splitlines():
        assert line in ran.outlines


def test_with_the_example_a_replay_reports_tokens_cost_and_text(project: Project) -> None:
    project.run("--llm-record=once").assert_outcomes(passed=3)

    project.run("--llm-report", "--llm-report-content=all").assert_outcomes(passed=3)

    calls = [line for line in project.calls_log if line["kind"] == "call"]
    by_test = {call["test"].partition("::")[2]: call for call in calls}
    plain, streamed, refused = (by_test[f"test_{name}"] for name in ("plain", "stream", "error"))
    for call in (plain, streamed):
        (message,) = call["content"]["gen_ai.output.messages"]
        assert message["parts"] == [{"type": "text", "content": "Hello!"}]
        assert (call["source"], call["cost_usd"]) == ("recorded", "0.0001")
        assert call["attributes"]["gen_ai.usage.input_tokens"] == 8
    assert (refused["cost_usd"], refused["attributes"]["error.type"]) == (None, "too_loud")
    assert project.report["totals"]["tokens"]["input_tokens"] == 16
