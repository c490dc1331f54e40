"""Cassettes: vcrpy's, with an index for its scan, chunks and times kept, and saved in one piece."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from vcr.cassette import Cassette as VcrCassette  # noqa: TID253 - imported when a cassette opens
from vcr.record_mode import RecordMode  # noqa: TID253
from vcr.request import Request as VcrRequest  # noqa: TID253

from pytest_litmus.capture import cassette_file, rerecording
from pytest_litmus.capture.exchange import Chunk, Exchange, Request, header
from pytest_litmus.capture.journal import Journal
from pytest_litmus.capture.tape import Recording
from pytest_litmus.errors import CassetteMiss, SecretFound

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pytest_litmus.capture.matching import Matching
    from pytest_litmus.capture.secrets import Scrubber
    from pytest_litmus.capture.tape import Tape

Mode = Literal["none", "once", "new_episodes", "all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a decoder says of an exchange, as far as a cassette needs it."""

    streamed: bool
    complete: bool
    """Whether the model had finished, whatever the reader did."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a cassette is used."""

    path: Path
    mode: Mode
    matching: Matching
    scrubber: Scrubber
    describe: Callable[[Exchange], Told]
    label: str = ""
    """Whose it is, for messages."""
    record_hint: str = "open it with mode='new_episodes'"
    """What to type to record what is missing."""
    shown_path: str = ""
    """The path for messages; the path itself when empty."""
    keep_unplayed: bool = False
    """Whether recordings that were not asked for stay when the cassette is saved."""

    def key(self, request: Request) -> str:
        """What a request is matched by: secrets are no part of it."""
        return self.matching.key(self.scrubber.request(request))


class Cassette(VcrCassette):  # type: ignore[misc]
    """The recorded answers of one test."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(path=str(settings.path), record_mode=RecordMode(settings.mode))
        self.settings = settings
        self.recordings: list[Recording] = []
        self.misses: list[CassetteMiss] = []
        self.existed = False
        self._index: dict[str, deque[int]] = defaultdict(deque)
        self._mutex = threading.RLock()
        self._journal = Journal(settings.path)
        self._signature: tuple[int, int] | None = None

    # Loading: what vcrpy calls when a cassette opens

    def _load(self) -> None:
        path = self.settings.path
        if path.is_file():
            loaded = cassette_file.read(path, key=self.settings.key)
            self._signature = _signature(path)
            self.existed = self.rewound = True
            for pair, recording in zip(loaded.pairs, loaded.recordings, strict=True):
                self._add(pair, recording)
            self._old_interactions = list(self.data)
        self._loaded_count = len(self.data)
        if not self.write_protected and self.record_mode is not RecordMode.ALL:
            self._resume()

    def _resume(self) -> None:
        """Take up what an interrupted run had recorded: it was paid for."""
        for recording in self._journal.left_behind(key=self.settings.key):
            self._add((_as_vcr(recording.request), {}), recording)

    def _add(self, pair: tuple[Any, dict[str, Any]], recording: Recording) -> None:
        self._index[recording.key].append(len(self.recordings))
        self.recordings.append(recording)
        self.data.append(pair)

    # Playing

    @property
    def replaying(self) -> bool:
        """Whether a request without a recording is a miss."""
        return bool(self.write_protected)

    def claim(self, request: Request, key: str) -> Recording | None:
        """The next recording for a key, each once; None where a new one is to be made.

        Raises:
            CassetteMiss: There is none, and none may be made.
        """
        with self._mutex:
            queue = self._index.get(key)
            if queue and self.record_mode is not RecordMode.ALL:
                number = queue.popleft()
                self.play_counts[number] += 1
                return self.recordings[number]
            if self.replaying:
                miss = CassetteMiss(self._explain(request, key))
                self.misses.append(miss)
                raise miss
        return None

    def knows_host(self, host: str, port: int | None) -> bool:
        """Whether a recording was made against this host and port."""
        return any(
            r.request.host == host and (port is None or r.request.port == port)
            for r in self.recordings
        )

    @property
    def played(self) -> int:
        """How many recordings were played."""
        return int(self.play_count)

    @property
    def stale(self) -> list[tuple[int, Recording]]:
        """Recordings that nothing asked for, with their number in the file."""
        return [(n, r) for n, r in enumerate(self.recordings) if not self.play_counts[n]]

    @property
    def recorded_at(self) -> datetime | None:
        """When the oldest recording that was played was made; None when one does not say."""
        played = [r for n, r in enumerate(self.recordings) if self.play_counts[n]]
        instants = [recording.exchange.started_at for recording in played]
        known = [instant for instant in instants if instant is not None]
        return min(known) if known and len(known) == len(instants) else None

    def _explain(self, request: Request, key: str) -> str:
        scrubbed = self.settings.scrubber.request(request)
        lines = [
            f"no recorded exchange matches {scrubbed.method} {scrubbed.url}",
            f"  test      {self.settings.label}",
            f"  cassette  {self._shown()} ({self._counts()})",
            *self._nearest_lines(scrubbed, key),
            f"  record    {self.settings.record_hint}",
        ]
        return "\n".join(lines)

    def _shown(self) -> str:
        return self.settings.shown_path or str(self.settings.path)

    def _counts(self) -> str:
        if not self.existed:
            return "does not exist"
        return f"{len(self.recordings)} recorded, {self.played} played"

    def _nearest_lines(self, request: Request, key: str) -> list[str]:
        same = [number for number, r in enumerate(self.recordings) if r.key == key]
        if same:
            times = f"{len(same)} time{'s' if len(same) > 1 else ''}"
            return [
                f"  nearest   #{same[-1]}: the same request, recorded {times} and played already"
            ]
        found = self.settings.matching.nearest(request, [r.request for r in self.recordings])
        if found is None:
            return []
        shown = [str(difference) for difference in found.differences]
        if found.more:
            shown.append(f"and {found.more} more")
        first, *rest = shown or ["differs in what `llm_matching` compares"]
        return [f"  nearest   #{found.index}: {first}", *(f"            {line}" for line in rest)]

    # Recording

    def note_end(self, tape: Tape) -> None:
        """A live exchange has ended: keep it at once, should this process not come to its end."""
        recording = self._recording(tape)
        if recording is not None:
            item = self._written(recording)
            if not _findings(item, self.settings.scrubber):
                self._journal.append(cassette_file.dump([item]))

    def _recording(self, tape: Tape) -> Recording | None:
        """What is kept of a tape, without secrets; None where nothing came back at all."""
        if tape.recording is not None:
            return tape.recording
        if tape.status is None and tape.error_type is None:
            return None
        live = tape.exchange()
        told = self.settings.describe(live)
        duration_s = live.duration_s or (
            live.chunks[-1].offset_s if live.chunks else live.headers_s
        )
        scrubber = self.settings.scrubber
        scrubber.learn_response(live.body)
        kept = replace(
            live,
            request=scrubber.request(live.request),
            headers=scrubber.headers(live.headers),
            chunks=_scrubbed(live.chunks, scrubber),
            duration_s=duration_s,
            error_message=scrubber.text(live.error_message) if live.error_message else None,
            source="recorded",
        )
        return Recording(
            request=kept.request,
            key=tape.key,
            exchange=kept,
            complete=live.ended == "eof" or told.complete,
        )

    def _written(self, recording: Recording) -> dict[str, Any]:
        exchange = recording.exchange
        many = len(exchange.chunks) > 1 and header(exchange.headers, "content-length") is None
        streamed = self.settings.describe(exchange).streamed or (
            many and recording.foreign is False
        )
        return cassette_file.interaction(recording, streamed=streamed)

    def save(self, tapes: Sequence[Tape]) -> bool:
        """Write what this capture recorded; whether the file changed.

        Raises:
            SecretFound: The text holds a secret; the file is as it was.
        """
        live = [tape for tape in tapes if tape.source == "live"]
        unplayed = [] if self.settings.keep_unplayed else self.stale
        dropped = self.record_mode is RecordMode.NEW_EPISODES and bool(unplayed)
        if self.replaying or not (live or dropped):
            return False
        from filelock import FileLock

        self.settings.path.parent.mkdir(parents=True, exist_ok=True)
        lock = self.settings.path.with_name(f".{self.settings.path.name}.lock")
        with FileLock(lock):
            return self._save_locked(tapes)

    def _save_locked(self, tapes: Sequence[Tape]) -> bool:
        made = [r for r in map(self._recording, tapes) if r is not None]
        if self.record_mode is RecordMode.ALL:
            made = rerecording.keep_noise(self.recordings, made)
        kept = [*made, *self._kept_beside(made)]
        items = [self._written(recording) for recording in kept]
        self._refuse_secrets(items)
        text = cassette_file.dump(items)
        path = self.settings.path
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return False
        cassette_file.write(path, text)
        return True

    def _kept_beside(self, made: Sequence[Recording]) -> list[Recording]:
        """What stays in the file though this capture did not ask for it."""
        kept: list[Recording] = []
        if self.settings.keep_unplayed and self.record_mode is not RecordMode.ALL:
            kept += [recording for _, recording in self.stale]
        if self._written_by_others():
            known = {id(recording) for recording in self.recordings}
            keys = {recording.key for recording in (*made, *self.recordings)}
            on_disk = cassette_file.read(self.settings.path, key=self.settings.key)
            kept += [r for r in on_disk.recordings if r.key not in keys and id(r) not in known]
        return kept

    def _written_by_others(self) -> bool:
        """Whether another process or test wrote the file since this capture opened it."""
        now = _signature(self.settings.path)
        return now is not None and now != self._signature

    def _refuse_secrets(self, items: Sequence[dict[str, Any]]) -> None:
        found = [
            f"  found     interaction {number}, {place}"
            for number, item in enumerate(items)
            for place in _findings(item, self.settings.scrubber)
        ]
        if found:
            raise SecretFound(
                "\n".join(
                    [
                        f"{self._shown()} was not written: it would hold a secret",
                        f"  test      {self.settings.label}",
                        *found,
                        "  mend      override the `llm_scrubbing` fixture: Scrubbing(keys=[...]) names",
                        "            the field, Scrubbing(allow=[...]) says that a value is no secret",
                    ]
                )
            )

    def close(self) -> None:
        """Drop the journal: the run came to its end."""
        self._journal.remove()


def _as_vcr(request: Request) -> Any:
    return VcrRequest(request.method, request.url, request.body, dict(request.headers))


def _signature(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def _scrubbed(chunks: tuple[Chunk, ...], scrubber: Scrubber) -> tuple[Chunk, ...]:
    """The chunks without secrets; one chunk where a secret lay across two."""
    whole = scrubber.data(b"".join(chunk.data for chunk in chunks))
    each = tuple(Chunk(chunk.offset_s, scrubber.data(chunk.data)) for chunk in chunks)
    if b"".join(chunk.data for chunk in each) == whole:
        return each
    return (Chunk(chunks[-1].offset_s, whole),)


def _findings(item: dict[str, Any], scrubber: Scrubber) -> list[str]:
    """Where an interaction would hold a secret, and of which kind; never the secret."""
    request, response = item["request"], item["response"]
    places = {
        "request uri": request["uri"],
        "request headers": str(request["headers"]),
        "request body": request["body"],
        "response headers": str(response["headers"]),
        "response body": response["body"]["string"],
    }
    return [
        f"{place}, line {finding.line}: {finding.kind}"
        for place, text in places.items()
        for finding in scrubber.scan(_text(text))
    ]


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")
