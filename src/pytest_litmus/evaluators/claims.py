"""Claims: the sentences of a text, each with its place and whether it claims anything."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

_END = re.compile(
    # A full stop may stand inside quotation marks or brackets.
    r"[.!?\u2026]+[\"'\u201d\u2019)\]]{0,2}(?=\s|$)"
    r"|[\u3002\uff01\uff1f\u0964]|[;\n]"
)
_SHORT = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|sr|jr|st|mt|vs|etc|inc|ltd|co|corp|no|vol|fig|approx|gen|col|"
    r"e\.g|i\.e|cf|al|ca|dept|est|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)|\b[a-z]|"
    # The number of an item in a list.
    r"\n\s{0,3}\d{1,3})\.$",
    re.IGNORECASE,
)
_LOOK_BACK = 10
"""Characters before a full stop in which an abbreviation is looked for."""
_LEAD = re.compile(
    r"(?:[\s\-*\u2022>#,.!;:]|\d{1,3}[.)]\s|"
    r"(?:yes|yeah|yep|yea|yup|oh|ok|okay|wow|hi|hello|hey|haha|lol|so|and|but|well|nope)\b|"
    # `Great!`, but not `Great Britain`; `No, it is`, but not `No fee`.
    r"(?:no|sure|interesting|awesome|cool|nice|great|exactly|right|true|indeed|absolutely|"
    r"of course|certainly|actually|i (?:see|understand|agree)|thanks|thank you|"
    r"(?:that|this)(?: is|\W?s) (?:true|right|correct)|you(?: are|\W?re) (?:right|welcome))"
    r"\s{0,2}(?=[,.!;:]|$|\bbut\b)|no(?= it| i )|"
    r"(?:did you know|i (?:think|believe|know|heard|read|guess|agree)|you know)\b(?:\s+that\b)?)",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"(?:bye|goodbye|(?:i )?hope (?:this|that|it) helps|(?:please )?let me know|"
    r"(?:please )?feel free to (?:ask|contact|reach|let)|"
    r"have a (?:good|great|nice|lovely|wonderful)|"
    r"(?:i(?: a|\W)?m )?(?:glad|happy) to (?:help|hear|assist)|"
    r"(?:i(?: a|\W)?m )?(?:very |so )?sorry (?:for|to hear|about)|i apologi[sz]e|"
    r"(?:if you have|do you have) (?:any|more|further|other)[\w ]{0,20} questions)\b",
    re.IGNORECASE,
)
_LEADS = 12
"""How many pieces of an opening (`- Yes, well, I think that ...`) are passed over, marks too."""
_QUESTION = re.compile(r"\?[\"')\]\s]{0,4}$")
_LETTER = re.compile(r"[^\W_]")


class Sentence(NamedTuple):
    """A sentence of a text."""

    text: str
    start: int
    end: int
    kind: Literal["claim", "question", "filler"]
    """`filler` says nothing that could be wrong: `Yes!`, `I hope this helps.`"""
    said: int
    """Where what it says begins, after `Yes, I think that`, in the text."""


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text; what stands between them belongs to none."""
    found = []
    start = 0
    for end in _ends(text):
        if _LETTER.search(text, start, end):
            found.append(_sentence(text, start, end))
        start = end
    return found


def _ends(text: str) -> list[int]:
    ends = [
        match.end()
        for match in _END.finditer(text)
        if not _SHORT.search(_before(text, match.start()))
    ]
    return [*ends, len(text)]


def _before(text: str, stop: int) -> str:
    """A little of the text, up to the stop and with it; the text begins with a line of its own."""
    start = stop - _LOOK_BACK
    return text[start : stop + 1] if start > 0 else "\n" + text[: stop + 1]


def _sentence(text: str, start: int, end: int) -> Sentence:
    while text[start].isspace():
        start += 1
    while text[end - 1].isspace():
        end -= 1
    said = _after_openings(text, start, end)
    if not _LETTER.search(text, said, end) or _COURTESY.match(text, said, end):
        kind: Literal["claim", "question", "filler"] = "filler"
    else:
        kind = "question" if _QUESTION.search(text[max(start, end - 8) : end]) else "claim"
    return Sentence(text[start:end], start, end, kind, said)


def _after_openings(text: str, start: int, end: int) -> int:
    for _ in range(_LEADS):
        opening = _LEAD.match(text, start, end)
        if not opening or opening.end() == start:
            break
        start = opening.end()
    return start
