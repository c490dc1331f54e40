"""Re-recording: what only jitters stays as it was, so that a diff shows what changed."""

from __future__ import annotations

import json
import re
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_litmus.capture.tape import Recording

_NOISE = frozenset(
    {"id", "created", "created_at", "system_fingerprint", "request_id", "x_groq", "timings"}
    | {"completed_at", "tool_call_id", "call_id", "item_id", "tool_use_id", "obfuscation"}
    | {"queue_time", "prompt_time", "completion_time", "total_time", "response_id"}
    | {"total_duration", "load_duration", "prompt_eval_duration", "eval_duration"}
)
_DATA = re.compile(rb"^data: ?(.*)$", re.MULTILINE)


def keep_noise(old: Sequence[Recording], new: Sequence[Recording]) -> list[Recording]:
    """The new recordings, with an old one in the place of each that differs only in noise.

    All of the old ones when the whole conversation is the same but for ids: a tool call's id comes
    back in the next request, so that half of it must not be old and half of it new. Otherwise an
    old recording is kept where the request is the same to the letter and no later request repeats
    an id of the new answer.
    """
    if len(old) == len(new) and all(_same(*pair) for pair in zip(old, new, strict=True)):
        return list(old)
    by_key: dict[str, deque[Recording]] = defaultdict(deque)
    for recording in old:
        by_key[recording.key].append(recording)
    kept = []
    for number, recording in enumerate(new):
        before = by_key[recording.key].popleft() if by_key[recording.key] else None
        later = [one.request.body for one in new[number + 1 :]]
        if before is None or not _same(before, recording) or _is_quoted(recording, later):
            kept.append(recording)
        else:
            kept.append(before)
    return kept


def _same(old: Recording, new: Recording) -> bool:
    return (
        (old.request.method, old.request.host, old.request.path)
        == (new.request.method, new.request.host, new.request.path)
        and (old.exchange.status, old.exchange.ended) == (new.exchange.status, new.exchange.ended)
        and _essence(old.request.body) == _essence(new.request.body)
        and _essence(old.exchange.body) == _essence(new.exchange.body)
    )


def _essence(body: bytes) -> Any:
    """A body without what jitters: JSON, or the events of a stream."""
    whole = _json(body)
    if whole is not None:
        return _without_noise(whole)
    events = [_json(data) for data in _DATA.findall(body)]
    return [_without_noise(event) for event in events] if any(events) else body


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _without_noise(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_noise(part) for name, part in value.items() if name not in _NOISE}
    if isinstance(value, list):
        return [_without_noise(part) for part in value]
    return value


def _is_quoted(recording: Recording, later: Sequence[bytes]) -> bool:
    ids = set(re.findall(rb'"(?:id|call_id|response_id)":\s*"([^"]{4,})"', recording.exchange.body))
    return any(one in body for one in ids for body in later)
