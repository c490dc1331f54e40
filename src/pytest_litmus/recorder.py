"""The recorder: one test's calls, verdicts and totals. It is what the `llm` fixture gives."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections import Counter
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pytest_litmus import grouping, pricing, purpose, tool_results, trace, wire
from pytest_litmus.call_totals import CallGroup, CallTotals, by_step, sum_of
from pytest_litmus.capture import routing
from pytest_litmus.capture.matching import Matching
from pytest_litmus.capture.secrets import Scrubber, Scrubbing
from pytest_litmus.capture.tape import Tape
from pytest_litmus.verdicts import Score, Verdict
from pytest_litmus.wire.formats import mcp
from pytest_litmus.wire.otel import EXECUTE_TOOL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from decimal import Decimal
    from pathlib import Path

    from pytest_litmus.capture.by_purpose import Cassettes
    from pytest_litmus.capture.cassette import Settings, Told
    from pytest_litmus.capture.exchange import Exchange, Request
    from pytest_litmus.endpoint import Endpoint
    from pytest_litmus.errors import CaptureStop
    from pytest_litmus.purpose import Purpose
    from pytest_litmus.trace import Span
    from pytest_litmus.wire.calls import Call


_Checked = TypeVar("_Checked", bound="Verdict | Score | bool")


class _Entered(NamedTuple):
    """A step that is open."""

    name: str
    label: str
    """Its name, and from the second time on which time it is."""


_steps: ContextVar[tuple[_Entered, ...]] = ContextVar("litmus_steps", default=())


class Recorder(CallTotals):
    """The calls of one test as they happen, tagged, priced and grouped.

    Its calls, steps, totals and trace are those of the program under test; `judge` has those of the
    judges of its answers.
    """

    def __init__(
        self,
        *,
        decode: Callable[[Exchange], Call | None] = wire.decode,
        price: Callable[[Call], Call] | None = None,
        scrubber: Scrubber | None = None,
        matching: Matching | None = None,
        endpoint: Endpoint | None = None,
        label: str = "",
    ) -> None:
        self._asked, self._price = decode, price or _listed_price
        self._endpoint = endpoint
        self._decoded: dict[int, Call] = {}
        self._lock = threading.Lock()
        self._open_steps: list[tuple[_Entered, ...]] = []
        self._entered: Counter[str] = Counter()
        self._tags: dict[str, Any] = {}
        self._metadata: dict[str, Any] = {}
        self.verdicts: list[Verdict] = []
        """Soft checks, in the order in which they were made."""
        self.cassettes: Cassettes | None = None
        self.on_call: Callable[[Call], None] | None = None
        self.settle: Callable[[Decimal, Call | None], None] | None = None
        self.scrubber = scrubber or Scrubber(Scrubbing())
        self.capture = routing.Capture(
            recognise=decode,
            scrubber=self.scrubber,
            matching=matching or Matching(),
            annotate=self._annotation,
            on_end=self._ended,
            label=label,
        )
        self.capture.only_watch = self._is_own_tool

    # What a test reads

    @property
    def calls(self) -> tuple[Call, ...]:
        """The program's model calls so far, in the order in which they were sent.

        Retries are one call, and so are a background run and the requests that ask how far it is.
        """
        return self.calls_as(purpose.SUBJECT).calls

    @property
    def judge(self) -> CallTotals:
        """The calls of the judges, with totals of their own: `llm.judge.cost_usd`."""
        return self.calls_as("judge")

    def calls_as(self, asked_as: Purpose) -> CallTotals:
        """The model calls that were made for a purpose so far."""
        return CallGroup(asked_as, _asked_as(asked_as, self.model_calls))

    @property
    def model_calls(self) -> tuple[Call, ...]:
        """The model calls for whatever purpose, as the report and the session's budget count."""
        return tuple(call for call in self._requests if call.runs_model)

    @property
    def requests(self) -> tuple[Call, ...]:
        """The program's calls, and between them the requests for which no model works.

        Those count tokens, list models, set up threads, or call the tool of an MCP server.
        """
        return _asked_as(purpose.SUBJECT, self._requests)

    @property
    def _requests(self) -> tuple[Call, ...]:
        sent = (call for call in map(self._call, self._attempts()) if call is not None)
        whole = (self._price(call) if call.polls else call for call in grouping.with_polls(sent))
        return tuple(tool_results.with_tools(list(whole)))

    @property
    def traced(self) -> tuple[Call, ...]:
        """The calls for whatever purpose, and the requests that ran a tool: a report keeps them."""
        return tuple(
            call
            for call in self._requests
            if call.runs_model or call.operation_name == EXECUTE_TOOL
        )

    @property
    def trace(self) -> Span:
        """The calls as a tree: steps, threads and tasks, calls, and the tools that they used."""
        own = _asked_as(purpose.SUBJECT, self.traced)
        return trace.trace_of(own, name=self.capture.label)

    @property
    def steps(self) -> Mapping[str | None, CallGroup]:
        """The calls grouped by step, in the order of first use; None holds those outside any."""
        return by_step(self.calls)

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The HTTP exchanges under the calls: each try of a retried call is one."""
        return tuple(
            tape.exchange()
            for tape in self.capture.tapes
            if tape.notes["purpose"] == purpose.SUBJECT
        )

    @property
    def misses(self) -> tuple[CaptureStop, ...]:
        """What was refused so far: misses of the cassette, budgets, uncaptured connections."""
        return tuple(self.capture.stops)

    # What a test says

    @contextmanager
    def step(self, name: str) -> Iterator[Recorder]:
        """Name the calls made inside, also by threads that have no step of their own."""
        with self._lock:
            self._entered[name] += 1
            times = self._entered[name]
        step = _Entered(name, name if times == 1 else f"{name}#{times}")
        path = (*self._steps_now(), step)
        token = _steps.set(path)
        self._open_steps.append(path)
        try:
            yield self
        finally:
            self._open_steps.remove(path)
            with suppress(ValueError):  # left in another context: an async fixture's tear-down
                _steps.reset(token)

    def _steps_now(self) -> tuple[_Entered, ...]:
        """The open steps around this moment, outermost first."""
        return _steps.get() or (self._open_steps[-1] if self._open_steps else ())

    def tag(
        self, *, user_id: str | None = None, session_id: str | None = None, **metadata: Any
    ) -> None:
        """Say whose calls the following ones are; a later tag replaces an earlier one."""
        given = {"user_id": user_id, "session_id": session_id}
        self._tags |= {name: value for name, value in given.items() if value is not None}
        self._metadata |= metadata

    def check(self, verdict: _Checked, name: str = "check") -> _Checked:
        """Keep a verdict: the test goes on, and fails at its end if the verdict is not a pass.

        Args:
            verdict: What an evaluator gave, or any truth. A score without a limit is an error.
            name: What a plain truth is called.

        Returns:
            The verdict as it was given.
        """
        self.verdicts.append(_kept(verdict, name))
        return verdict

    def ask(self, prompt: str, *, system: str | None = None, **parameters: Any) -> str:
        """Put a prompt to the configured OpenAI-compatible endpoint; gives the answer's text.

        Args:
            prompt: The user message.
            system: The system message, if any.
            parameters: Further fields of the request: `temperature`, `max_tokens`, `model`, ...

        Raises:
            LitmusError: No endpoint is configured, or it answered with an error.
        """
        from pytest_litmus.endpoint import Endpoint

        return (self._endpoint or Endpoint()).ask(prompt, system=system, **parameters)

    # Inside

    def open(self, cassettes: Cassettes | None) -> None:
        """Begin to capture, with the recordings of cassettes or live."""
        from pytest_litmus.capture.patching import installation

        self.cassettes = self.capture.store = cassettes
        installation.ensure()
        routing.enter(self.capture)

    def close(self) -> None:
        """End the capture; nothing is saved."""
        routing.leave(self.capture)
        for tape in self.capture.tapes:
            tape.abandon()
            self._settle(tape, self._call([tape]))

    def describe(self, exchange: Exchange) -> Told:
        """What a cassette needs to know of an exchange."""
        from pytest_litmus.capture.cassette import Told

        call = self._decode(exchange)
        if call is None:
            return Told(streamed=False, complete=exchange.ended == "eof")
        return Told(streamed=call.streamed, complete=bool(call.finish_reasons))

    def _decode(self, exchange: Exchange) -> Call | None:
        """A decoder's call; one of the user's need not read status and times itself.

        Some SDKs neither read a stream to its end nor close it: with the model's last event, the
        answer is there. A recording of plain vcrpy has no times, and gets none.
        """
        call = self._asked(exchange)
        if call is None:
            return None
        if exchange.headers_s is None:
            call = replace(call, time_to_first_chunk_s=None)
        elif exchange.duration_s is None and exchange.chunks and call.finish_reasons:
            exchange = replace(exchange, duration_s=exchange.chunks[-1].offset_s)
            return wire.with_exchange(call, exchange)
        return call if call.attempts else wire.with_exchange(call, exchange)

    def _is_own_tool(self, call: Call, request: Request) -> bool:
        """Whether a request goes to a tool server on this machine: it is part of the program.

        Like the program's own functions it runs in a replay too, unless its host is recorded.
        """
        if call.wire_format != mcp.WIRE_FORMAT or self.capture.record_other(request):
            return False
        return request.is_loopback

    def _annotation(self) -> dict[str, Any]:
        task, steps = _task(), self._steps_now()
        return {
            "id": uuid.uuid4().hex[:16],
            "step": steps[-1].name if steps else None,
            "step_path": tuple(step.label for step in steps),
            "thread": threading.current_thread().name,
            "task": task.get_name() if task is not None else None,
            "metadata": dict(self._metadata),
            "purpose": purpose.purpose_now(),
            "context": (threading.get_ident(), id(task), purpose.purpose_now()),
            **self._tags,
        }

    def _ended(self, tape: Tape) -> None:
        if self.on_call is None and tape.notes.get("reserved") is None:
            return
        call = self._call(self._with_earlier(tape))
        self._settle(tape, call)
        if self.on_call is not None and call is not None and call.runs_model:
            self.on_call(grouping.started_by(call, self.model_calls) if call.poll_of else call)

    def _settle(self, tape: Tape, call: Call | None) -> None:
        reserved = tape.notes.pop("reserved", None)
        if reserved is not None and self.settle is not None:
            self.settle(reserved, call)

    def _with_earlier(self, tape: Tape) -> list[Tape]:
        """A tape after those of the tries before it."""
        return next((group for group in self._attempts() if tape in group), [tape])

    def _attempts(self) -> list[list[Tape]]:
        return grouping.by_attempts(list(self.capture.tapes))

    def _call(self, tapes: list[Tape]) -> Call | None:
        last = tapes[-1]
        known = self._decoded.get(id(last))
        if known is not None and len(known.attempts) == len(tapes):
            return known
        call = self._decode(last.exchange())
        if call is None:
            return None
        call = self._in_context(call, tapes)
        if call.runs_model:
            call = self._price(call)
        if last.ended != "open":
            self._decoded[id(last)] = call
        return call

    def _in_context(self, call: Call, tapes: list[Tape]) -> Call:
        notes = tapes[0].notes
        earlier = [self._decode(tape.exchange()) for tape in tapes[:-1]]
        attempts = [one for before in (*earlier, call) if before for one in before.attempts]
        durations = [one.duration_s for one in attempts]
        return replace(
            call,
            id=notes["id"],
            attempts=tuple(attempts),
            started_at=attempts[0].started_at if attempts else call.started_at,
            duration_s=sum_of(durations) if durations else call.duration_s,
            step=notes["step"],
            step_path=notes["step_path"],
            thread=notes["thread"],
            task=notes["task"],
            user_id=notes.get("user_id"),
            session_id=notes.get("session_id"),
            metadata=notes["metadata"],
            purpose=notes["purpose"],
        )


def _asked_as(asked_as: Purpose, calls: Sequence[Call]) -> tuple[Call, ...]:
    return tuple(call for call in calls if call.purpose == asked_as)


def _kept(checked: Verdict | Score | bool, name: str) -> Verdict:
    if isinstance(checked, Verdict):
        return checked
    if isinstance(checked, Score):
        told = (
            f"no limit was given: say which value passes, such as {checked.name}(..., at_least=0.8)"
        )
        return Verdict(name=checked.name, outcome="error", explanation=told, score=checked)
    return Verdict(name=name, outcome="pass" if checked else "fail", explanation=repr(checked))


def _listed_price(call: Call) -> Call:
    """A call with its cost by the public list, at today's prices."""
    return with_price(call, pricing.price(call, prices=None, at=datetime.now(UTC).date()))


def with_price(call: Call, priced: pricing.Priced) -> Call:
    """A call with its cost, or with the reason why there is none."""
    return replace(
        call,
        cost_usd=priced.cost_usd,
        cost_source=priced.cost_source,
        cost_note=priced.cost_note,
    )


def _task() -> asyncio.Task[Any] | None:
    """The task that runs; an SDK retries in the thread and the task that it was called in."""
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None


@contextmanager
def capturing(
    *,
    cassette: str | Path | None = None,
    mode: str = "none",
    matching: Matching | None = None,
    scrubbing: Scrubbing | None = None,
    decode: Callable[[Exchange], Call | None] = wire.decode,
    real_time: bool = False,
) -> Iterator[Recorder]:
    """Capture the model calls made inside, without pytest: in a notebook, a script, a benchmark.

    Args:
        cassette: The file to replay from and record to; None: all calls are live. A judge's calls
            have another beside it: `x.judge.yaml` with `x.yaml`.
        mode: `none`, `once`, `new_episodes`, `all` (vcrpy's words), or `live`, which leaves the
            cassette alone.
        matching: Which recorded request answers which.
        scrubbing: What must not reach the disk, beyond the defaults.
        decode: Exchange to call.
        real_time: Whether a replay takes as long as the recording.

    Raises:
        CassetteError: The cassette cannot be read or, at the end, may not be written.
    """
    recorder = Recorder(
        decode=decode,
        scrubber=Scrubber(scrubbing or Scrubbing()),
        matching=matching,
        label="capturing" if cassette is None else str(cassette),
    )
    recorder.capture.real_time = real_time
    opened = _opened(recorder, cassette, mode) if cassette is not None and mode != "live" else None
    recorder.open(opened)
    try:
        yield recorder
    except BaseException:
        recorder.close()
        raise
    recorder.close()
    if opened is not None:
        opened.save(recorder.capture.tapes)
        opened.close()


def _opened(recorder: Recorder, cassette: str | Path, mode: Any) -> Cassettes:
    from pathlib import Path

    from pytest_litmus.capture.by_purpose import Cassettes, path_for
    from pytest_litmus.capture.cassette import Settings

    def settings(asked_as: Purpose) -> Settings:
        path = path_for(Path(cassette), asked_as)
        return Settings(
            path=path,
            mode=mode,
            matching=recorder.capture.matching,
            scrubber=recorder.scrubber,
            describe=recorder.describe,
            label=f"capturing({str(path)!r})",
            keep_unplayed=True,
        )

    return Cassettes(settings)
