"""Redacting: secrets and personal data out of a text, each replaced by its type: `<email>`.

What is found is what `free_of_secrets` and `personal_data` find, documented examples too, and what
the environment names a secret. They are blind to names of people and to addresses in free form.
"""

from __future__ import annotations

import re
from collections import Counter

from pytest_litmus.capture.secret_scan import SCRUBBED
from pytest_litmus.capture.secrets import Scrubber, Scrubbing
from pytest_litmus.evaluators.privacy import personal_places
from pytest_litmus.evaluators.secrets import secret_places

_PASSES = 4
"""What stands beside a placeholder may be told by other words than before."""
_HEX_ID = re.compile(r"(?i)(?=[0-9-]*[a-f])[0-9a-f-]{16,64}")
"""Ids of traces and spans: long, and with a letter, which no number of a person has."""
_LONGEST_ID = 200


class Redactor:
    """Takes them out, and counts what it took."""

    def __init__(self) -> None:
        self._scrubber = Scrubber(Scrubbing())
        self.counts: Counter[str] = Counter()
        """By type."""

    def text(self, text: str) -> str:
        """The text without them. Text without any stays as it is, but for lone surrogates."""
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        scrubbed = self._scrubber.text(text)
        self.counts["secret"] += scrubbed.count(SCRUBBED) - text.count(SCRUBBED)
        for _ in range(_PASSES):
            places = _joined([*secret_places(scrubbed), *personal_places(scrubbed)])
            if not places:
                break
            scrubbed = self._replaced(scrubbed, places)
        return scrubbed

    def id(self, text: str) -> str:
        """The id of a trace, a call or a test: people name theirs after users."""
        return text if _HEX_ID.fullmatch(text) else self.text(text)[:_LONGEST_ID]

    def _replaced(self, text: str, places: list[tuple[str, int, int]]) -> str:
        pieces, at = [], 0
        for kind, start, end in places:
            self.counts[kind] += 1
            pieces += [text[at:start], f"<{kind}>"]
            at = end
        return "".join([*pieces, text[at:]])


def _joined(places: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Places in order; those that overlap as one, of the type that begins first."""
    joined: list[tuple[str, int, int]] = []
    for kind, start, end in sorted(places, key=lambda place: (place[1], -place[2])):
        if joined and start < joined[-1][2]:
            first, begin, until = joined[-1]
            joined[-1] = (first, begin, max(until, end))
        else:
            joined.append((kind.replace("_", "-"), start, end))
    return joined
