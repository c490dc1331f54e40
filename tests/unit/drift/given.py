"""Given: logs of calls, written as their tools write them."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

QUESTION = "how can I return the tent laptop kayak order please where is my parcel invoice"
ANSWER = "you can return it within thirty days if the invoice is kept and the box is closed"


def plain(number: int, *, seed: int = 1, **changed: Any) -> list[dict[str, Any]]:
    """Calls of a support assistant; what changed is a value, or a function of the randomness."""
    random = Random(seed)
    calls = []
    for place in range(number):
        call = {
            "id": f"{seed}-{place}",
            "input": " ".join(random.choices(QUESTION.split(), k=random.randint(6, 20))) + "?",
            "output": " ".join(random.choices(ANSWER.split(), k=random.randint(20, 40))) + ".",
            "finish_reason": "stop",
            "model": "gpt-4o-2024-08-06",
            "latency_s": round(random.lognormvariate(0, 0.5), 3),
            "input_tokens": random.randint(80, 200),
            "output_tokens": random.randint(30, 60),
            "error": None,
        }
        calls.append(call | {k: v(random) if callable(v) else v for k, v in changed.items()})
    return calls


def written(path: Path, records: Iterable[Any]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path
