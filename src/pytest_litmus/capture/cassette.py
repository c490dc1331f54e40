"""Cassettes: vcrpy's, with an index for its scan, chunks and times kept, and saved in one piece."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict, deque
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
from pytest_litmus.capture.locks import lock_of
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
    how_to_record: Callable[[Mode], str] = "open it with mode={!r}".format
    """What to type to record in a mode."""
    shown_path: str = ""
    """The path for messages; the path itself when empty."""
    keep_unplayed: bool = False
    """Whether recordings that were not asked for stay when the cassette is saved."""
    run_started_at: datetime | None = None
    """What other tests have written into the cassette since then stays as well."""
    why_missed: Callable[[str], Sequence[str]] = lambda _key: ()
    """Further lines for the message of a miss, by its key."""

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
        self.notes: dict[str, str] = {}
        """What a replay has to know beside the recordings; written when the cassette is saved."""
        self._index: dict[str, deque[int]] = defaultdict(deque)
        self._mutex = threading.RLock()
        self._journal = Journal(settings.path)
        self._signature: tuple[int, int] | None = None
        self._loaded_count = 0

    # Loading: what vcrpy calls when a cassette opens

    def _load(self) -> None:
        path = self.settings.path
        if path.is_file():
            loaded = cassette_file.read(path, key=self.settings.key)
            self._signature = _signature(path)
            self.existed = True
            self.notes = loaded.notes
            self.rewound = not self._is_shared()
            for pair, recording in zip(loaded.pairs, loaded.recordings, strict=True):
                self._add(pair, recording)
            self._old_interactions = list(self.data)
        self._loaded_count = len(self.data)
        if not self.write_protected:
            self._resume()

    def _resume(self) -> None:
        """Take up what an interrupted run had recorded: it was paid for."""
        for recording in self._journal.left_behind(key=self.settings.key):
            if self.record_mode is not RecordMode.ALL:
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
                return replace(self.recordings[number], told=self._told())
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

    def knows(self, key: str) -> bool:
        """Whether there is a recording for a key, played or not."""
        return any(recording.key == key for recording in self.recordings)

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
        how_to_record = self.settings.how_to_record
        lines = [
            f"no recorded exchange matches {scrubbed.method} {scrubbed.url}",
            f"  test      {self.settings.label}",
            f"  cassette  {self.shown_path} ({self._counts()})",
            *self._nearest_lines(scrubbed, key),
            *self.settings.why_missed(key),
            f"  record    {how_to_record('new_episodes' if self.existed else 'once')}",
        ]
        return "\n".join(lines)

    def _told(self) -> str:
        lines = [
            f"  test      {self.settings.label}",
            f"  cassette  {self.shown_path}",
            f"  record    {self.settings.how_to_record('all')}",
        ]
        return "\n".join(lines)

    @property
    def shown_path(self) -> str:
        """Its path for messages."""
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
        self.settings.scrubber.learn_response(live.body)
        duration_s = live.duration_s or (
            live.chunks[-1].offset_s if live.chunks else live.headers_s
        )
        kept = self._scrubbed(replace(live, duration_s=duration_s, source="recorded"))
        return Recording(
            request=kept.request,
            key=tape.key,
            exchange=kept,
            complete=live.ended == "eof" or told.complete,
        )

    def _scrubbed(self, exchange: Exchange) -> Exchange:
        scrubber, said = self.settings.scrubber, exchange.error_message
        return replace(
            exchange,
            request=scrubber.request(exchange.request),
            headers=scrubber.headers(exchange.headers),
            chunks=_scrubbed_chunks(exchange.chunks, scrubber),
            error_message=scrubber.text(said) if said else None,
        )

    def _written(self, recording: Recording) -> dict[str, Any]:
        if recording.foreign:  # vcrpy scrubs nothing
            recording = replace(recording, exchange=self._scrubbed(recording.exchange))
        exchange = recording.exchange
        many = len(exchange.chunks) > 1 and header(exchange.headers, "content-length") is None
        streamed = self.settings.describe(exchange).streamed or (many and not recording.foreign)
        return cassette_file.interaction(recording, streamed=streamed)

    def save(self, tapes: Sequence[Tape]) -> bool:
        """Write what this capture recorded; whether the file changed.

        Raises:
            SecretFound: The text holds a secret; the file is as it was.
        """
        kept = [tape for tape in tapes if tape.kept]
        if self.replaying or not self._has_news(kept):
            return False
        with lock_of(self.settings.path):
            return self._save_locked(kept)

    def _has_news(self, tapes: Sequence[Tape]) -> bool:
        """Whether anything was recorded, taken up from a killed run, or is to be dropped."""
        live = any(tape.source == "live" for tape in tapes)
        resumed = range(self._loaded_count, len(self.recordings))
        keeps = self.settings.keep_unplayed and self.record_mode is not RecordMode.ALL
        dropped = bool(self._loaded_unplayed()) and not keeps
        return live or dropped or any(self.play_counts[number] for number in resumed)

    def _loaded_unplayed(self) -> list[Recording]:
        return [recording for number, recording in self.stale if number < self._loaded_count]

    def _save_locked(self, tapes: Sequence[Tape]) -> bool:
        made = [r for r in map(self._recording, tapes) if r is not None]
        if self.record_mode is RecordMode.ALL:
            made = rerecording.keep_noise(self.recordings, made)
        items = [self._written(recording) for recording in self._with_others(made)]
        self._refuse_secrets(items)
        path = self.settings.path
        if not items:
            was_there = path.is_file()
            path.unlink(missing_ok=True)
            return was_there
        text = cassette_file.dump(items, self.notes)
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            path.touch()  # other tests of this run see that it is of this run
            return False
        cassette_file.write(path, text)
        return True

    def _with_others(self, made: Sequence[Recording]) -> list[Recording]:
        """What was made, and what stays beside it though this capture did not ask for it."""
        kept = list(made)
        if self.settings.keep_unplayed and self.record_mode is not RecordMode.ALL:
            kept += self._loaded_unplayed()
        if self._is_shared():
            mine = Counter(recording.key for recording in kept)
            for other in cassette_file.read(self.settings.path, key=self.settings.key).recordings:
                mine[other.key] -= 1
                if mine[other.key] < 0:
                    kept.append(other)
        return kept

    def _is_shared(self) -> bool:
        """Whether another test wrote the file in this run, or anyone since this capture began."""
        now, since = _signature(self.settings.path), self.settings.run_started_at
        in_this_run = now is not None and since is not None and now[0] >= since.timestamp() * 1e9
        return in_this_run or (now is not None and now != self._signature)

    def _refuse_secrets(self, items: Sequence[dict[str, Any]]) -> None:
        found = [
            f"  found     interaction {number}, {place}"
            for number, item in enumerate(items)
            for place in _findings(item, self.settings.scrubber)
        ]
        if found:
            lines = [
                f"{self.shown_path} was not written: it would hold a secret",
                f"  test      {self.settings.label}",
                *found,
                "  mend      override the `llm_scrubbing` fixture: Scrubbing(keys=[...]) names the",
                "            field, Scrubbing(allow=[...]) says that a value is no secret",
            ]
            raise SecretFound("\n".join(lines))

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


def _scrubbed_chunks(chunks: tuple[Chunk, ...], scrubber: Scrubber) -> tuple[Chunk, ...]:
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
