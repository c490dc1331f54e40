"""The recorder: one test's calls, verdicts and totals. It is what the `llm` fixture gives."""

from __future__ import annotations

import asyncio
import threading
import uuid
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pytest_litmus import pricing, wire
from pytest_litmus.call_totals import CallTotals, Step, sum_of
from pytest_litmus.capture import routing
from pytest_litmus.capture.matching import Matching
from pytest_litmus.capture.secrets import Scrubber, Scrubbing
from pytest_litmus.capture.tape import Tape
from pytest_litmus.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from decimal import Decimal
    from pathlib import Path

    from pytest_litmus.capture.cassette import Cassette, Told
    from pytest_litmus.capture.exchange import Exchange
    from pytest_litmus.endpoint import Endpoint
    from pytest_litmus.errors import CaptureStop
    from pytest_litmus.wire.calls import Call

_step: ContextVar[str | None] = ContextVar("litmus_step", default=None)
_RETRIED = frozenset({408, 409, 425, 429})


class Recorder(CallTotals):
    """The calls of one test as they happen, tagged, priced and grouped."""

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
        self._open_steps: list[str] = []
        self._tags: dict[str, Any] = {}
        self._metadata: dict[str, Any] = {}
        self.verdicts: list[Verdict] = []
        """Soft checks, in the order in which they were made."""
        self.cassette: Cassette | None = None
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

    # What a test reads

    @property
    def calls(self) -> tuple[Call, ...]:
        """The model calls so far, in the order in which they were sent; retries are one call."""
        return tuple(call for call in map(self._call, self._attempts()) if call is not None)

    @property
    def steps(self) -> Mapping[str | None, Step]:
        """The calls grouped by step, in the order of first use; None holds those outside any."""
        grouped: dict[str | None, list[Call]] = {}
        for call in self.calls:
            grouped.setdefault(call.step, []).append(call)
        return {name: Step(name, tuple(calls)) for name, calls in grouped.items()}

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The HTTP exchanges under the calls: each try of a retried call is one."""
        return tuple(tape.exchange() for tape in self.capture.tapes)

    @property
    def misses(self) -> tuple[CaptureStop, ...]:
        """What was refused so far: misses of the cassette, budgets, uncaptured connections."""
        return tuple(self.capture.stops)

    # What a test says

    @contextmanager
    def step(self, name: str) -> Iterator[Recorder]:
        """Name the calls made inside, also by threads that have no step of their own."""
        token = _step.set(name)
        self._open_steps.append(name)
        try:
            yield self
        finally:
            self._open_steps.remove(name)
            with suppress(ValueError):  # left in another context: an async fixture's tear-down
                _step.reset(token)

    def tag(
        self, *, user_id: str | None = None, session_id: str | None = None, **metadata: Any
    ) -> None:
        """Say whose calls the following ones are; a later tag replaces an earlier one."""
        given = {"user_id": user_id, "session_id": session_id}
        self._tags |= {name: value for name, value in given.items() if value is not None}
        self._metadata |= metadata

    def check(self, verdict: Verdict | bool, name: str = "check") -> Verdict | bool:
        """Keep a verdict: the test goes on, and fails at its end if the verdict is not a pass.

        Returns:
            The verdict as it was given.
        """
        kept = verdict
        if not isinstance(kept, Verdict):
            kept = Verdict(
                name=name, outcome="pass" if verdict else "fail", explanation=repr(verdict)
            )
        self.verdicts.append(kept)
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

    def open(self, cassette: Cassette | None) -> None:
        """Begin to capture, with the recordings of a cassette or live."""
        from pytest_litmus.capture.patching import installation

        self.cassette = self.capture.store = cassette
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

    def _annotation(self) -> dict[str, Any]:
        step = _step.get() or (self._open_steps[-1] if self._open_steps else None)
        return {
            "id": uuid.uuid4().hex[:16],
            "step": step,
            "metadata": dict(self._metadata),
            "context": _context(),
            **self._tags,
        }

    def _ended(self, tape: Tape) -> None:
        if self.on_call is None and tape.notes.get("reserved") is None:
            return
        call = self._call(self._with_earlier(tape))
        self._settle(tape, call)
        if self.on_call is not None and call is not None:
            self.on_call(call)

    def _settle(self, tape: Tape, call: Call | None) -> None:
        reserved = tape.notes.pop("reserved", None)
        if reserved is not None and self.settle is not None:
            self.settle(reserved, call)

    def _with_earlier(self, tape: Tape) -> list[Tape]:
        """A tape after those of the tries before it."""
        return next((group for group in self._attempts() if tape in group), [tape])

    def _attempts(self) -> list[list[Tape]]:
        """The tapes, those of one call together: the same request again after a try that failed."""
        groups: list[list[Tape]] = []
        open_groups: dict[Any, list[Tape]] = {}
        for tape in list(self.capture.tapes):
            context = tape.notes.get("context")
            group = open_groups.get(context)
            if group and _is_retry(tape, of=group[-1]):
                group.append(tape)
                continue
            open_groups[context] = group = [tape]
            groups.append(group)
        return groups

    def _call(self, tapes: list[Tape]) -> Call | None:
        last = tapes[-1]
        known = self._decoded.get(id(last))
        if known is not None and len(known.attempts) == len(tapes):
            return known
        call = self._decode(last.exchange())
        if call is None:
            return None
        call = self._price(self._in_context(call, tapes))
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
            user_id=notes.get("user_id"),
            session_id=notes.get("session_id"),
            metadata=notes["metadata"],
        )


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


def _context() -> tuple[int, int]:
    """The thread and, in an event loop, the task: an SDK retries in the one it was called in."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        task = None
    return threading.get_ident(), id(task) if task is not None else 0


def _is_retry(tape: Tape, *, of: Tape) -> bool:
    """Whether a tape is the next try of one that failed; some SDKs say so themselves."""
    said = tape.request.header("x-stainless-retry-count")
    if tape.key != of.key or said == "0":
        return False
    if of.status is None:
        return of.error_type is not None
    return of.status in _RETRIED or of.status >= 500


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
        cassette: The file to replay from and record to; None: all calls are live.
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
        label=str(cassette),
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


def _opened(recorder: Recorder, cassette: str | Path, mode: Any) -> Cassette:
    from pathlib import Path

    from pytest_litmus.capture.cassette import Cassette, Settings

    settings = Settings(
        path=Path(cassette),
        mode=mode,
        matching=recorder.capture.matching,
        scrubber=recorder.scrubber,
        describe=recorder.describe,
        label=f"capturing({str(cassette)!r})",
        keep_unplayed=True,
    )
    opened: Cassette = Cassette.load(settings=settings)
    return opened
