"""Text: what an output contains, begins with, cites, or counts.

Each is a check that people can redo by eye; none knows meaning. Evidence gives the places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from pytest_litmus.evaluators.claims import sentences
from pytest_litmus.evaluators.english import MONTH, month_of
from pytest_litmus.evaluators.quantities import quantities
from pytest_litmus.evaluators.quoting import quoted
from pytest_litmus.evaluators.said import Said, text_of
from pytest_litmus.evaluators.searching import SEARCH_S, searched
from pytest_litmus.verdicts import Evidence, Limit, Score, Verdict, decided

Wanted: TypeAlias = "str | Sequence[str]"

_WORD = re.compile(
    # Where no spaces stand between words, a letter counts as one.
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]"
    r"|[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+"
    r"(?:['\u2019.,-][^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+)*"
)
_CODE = re.compile(r"```[^`]*```|`[^`\n]*`")
_NAME = r"[A-Z][\w'\u2019-]{1,40}(?: (?:et al\.?|(?:and|&) [A-Z][\w'\u2019-]{1,40}))?"
_CITATIONS = {
    "number": re.compile(r"\[\d{1,3}(?:\s?[,;\u2013-]\s?\d{1,3}){0,20}\](?!\()"),
    "footnote": re.compile(r"\[\^[\w-]{1,40}\](?!:)|[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+"),
    "author-year": re.compile(
        rf"\((?:see |cf\. )?{_NAME},? (?:1[5-9]|20)\d\d[a-z]?(?:[,;:] [^()\n]{{1,120}})?\)"
        rf"|{_NAME} \((?:1[5-9]|20)\d\d[a-z]?\)"
    ),
    "url": re.compile(r"\bhttps?://[^\s<>()\"'\]]+[^\s<>()\"'\].,;:!?]|\bdoi:10\.\d{4,9}/\S+"),
    "source": re.compile(r"\u3010[^\u3010\u3011\n]{1,80}\u3011"),
}
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})(?!\d)"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?P<year>\d{4})[-/.](?P<first>\d{1,2})[-/.](?P<second>\d{1,2})(?!\d)",
        rf"(?<!\d)(?P<first>\d{{1,2}})[-/.](?P<second>\d{{1,2}})[-/.]{_YEAR}",
        rf"(?<!\d){_DAY} (?:of )?{MONTH}\b\.?,? {_YEAR}",
        rf"\b{MONTH}\b\.? {_DAY},? {_YEAR}",
    )
)


def contains(
    said: Said,
    wanted: Wanted,
    *,
    how: Literal["all", "any"] = "all",
    ignore_case: bool = False,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """Whether an output contains a text, all of several, or any of them.

    The value is the share of them that stand there, in [0, 1]; with `how="any"` 1 or 0. Passes at
    1. None where nothing is wanted: there is no text, or one of them is empty.

    Blind spot: it looks at letters, so `cat` stands in `concatenate`.
    """
    text, asked = text_of(said), _listed(wanted)
    if not all(asked) or not asked:
        score = _nothing_wanted("contains")
    else:
        places = _places(text, asked, ignore_case)
        missing = [one for one in asked if one not in places]
        share = 1 - len(missing) / len(asked)
        score = Score(
            name="contains",
            value=float(bool(places)) if how == "any" else share,
            explanation=_contained(places, missing),
            evidence=_evidence("contains", text, places),
        )
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_least=1))


def excludes(
    said: Said,
    unwanted: Wanted,
    *,
    ignore_case: bool = False,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """Whether an output is free of a text, or of several.

    The value is the share of them that do not stand there, in [0, 1]. Passes at 1. None where one
    of them is empty, there is none, or the output is empty: that says nothing of the program.

    Blind spot: it looks at letters; a secret that is spelled backwards is not seen.
    """
    text, asked = text_of(said), _listed(unwanted)
    if not all(asked) or not asked:
        score = _nothing_wanted("excludes")
    elif not text.strip():
        score = Score(name="excludes", explanation="the output is empty")
    else:
        places = _places(text, asked, ignore_case)
        score = Score(
            name="excludes",
            value=1 - len(places) / len(asked),
            explanation=_contained(places, [one for one in asked if one not in places]),
            evidence=_evidence("excludes", text, places),
        )
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_least=1))


def starts_with(
    said: Said,
    wanted: Wanted,
    *,
    ignore_case: bool = False,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """Whether an output begins with a text, or with one of several: 1 or 0. Passes at 1.

    White space before it does not count. None where one of the texts is empty.
    """
    score = _ended("starts_with", text_of(said), wanted, ignore_case=ignore_case)
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_least=1))


def ends_with(
    said: Said,
    wanted: Wanted,
    *,
    ignore_case: bool = False,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """Whether an output ends with a text, or with one of several: 1 or 0. Passes at 1.

    White space behind it does not count. None where one of the texts is empty.
    """
    score = _ended("ends_with", text_of(said), wanted, ignore_case=ignore_case)
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_least=1))


def equals(
    said: Said,
    wanted: Wanted,
    *,
    ignore_case: bool = False,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """Whether an output is a text, or one of several, letter by letter: 1 or 0. Passes at 1.

    White space around it does not count. None where one of the texts is empty. To allow for
    articles and punctuation, use `exact_match`.
    """
    score = _ended("equals", text_of(said), wanted, ignore_case=ignore_case)
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_least=1))


def matches(
    said: Said,
    pattern: str | re.Pattern[str],
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    r"""Whether a regular expression is found in an output: 1 or 0. Passes at 1.

    It is searched for; `\A...\Z` holds the whole. Python's `re` can backtrack without end and
    cannot be stopped, so a pattern that could take over 10 million steps on this output (an
    estimate from its repetitions and the output's length) runs in a process beside this one, which
    is ended after half a second: that is None, and an error. It is kept for the next such pattern.

    Raises:
        re.error: The pattern is no regular expression.
    """
    text, compiled = text_of(said), re.compile(pattern)
    try:
        span = searched(compiled, text)
    except TimeoutError:
        score = Score(
            name="matches",
            explanation=f"{quoted(compiled.pattern)} found nothing within {SEARCH_S:g} s: it "
            "backtracks too much on this output; repeat no group that repeats itself",
        )
    else:
        score = _matched(text, compiled, span)
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_least=1))


def word_count(
    said: Said, *, at_least: float | None = None, at_most: float | None = None
) -> Score | Verdict:
    """How many words an output has; of the scripts without spaces, how many letters.

    `don't`, `well-known` and `3.14` are one word each. It has no limit of its own; always decided.
    """
    count = sum(1 for _ in _WORD.finditer(text_of(said)))
    return decided(_counted("word_count", count, "words"), at_least=at_least, at_most=at_most)


def sentence_count(
    said: Said, *, at_least: float | None = None, at_most: float | None = None
) -> Score | Verdict:
    """How many sentences an output has; a line of its own and a list's entry are one.

    It has no limit of its own; always decided. Blind spot: unknown abbreviations end a sentence.
    """
    count = len(sentences(text_of(said)))
    return decided(
        _counted("sentence_count", count, "sentences"), at_least=at_least, at_most=at_most
    )


def length(
    said: Said, *, at_least: float | None = None, at_most: float | None = None
) -> Score | Verdict:
    """How many characters (code points) an output has, white space with them.

    It has no limit of its own; always decided.
    """
    count = len(text_of(said))
    return decided(_counted("length", count, "characters"), at_least=at_least, at_most=at_most)


def cites(
    said: Said, *, at_least: float | None = None, at_most: float | None = None
) -> Score | Verdict:
    """How many citations an output has. Passes from 1 on.

    `[1]`, `[2, 5-7]`, footnotes (`[^1]`, raised digits), `(Smith et al., 2020)`, `Smith (2020)`,
    web addresses, DOIs and `【4†source】`; not in code. Always decided.

    Blind spots: whether the source exists and says so is not looked at; `x²` counts, and so does a
    title such as `Apollo (1961)`.
    """
    text = text_of(said)
    bare = _CODE.sub(lambda code: " " * len(code[0]), text)
    found = sorted(
        (match.start(), match.end(), rule)
        for rule, pattern in _CITATIONS.items()
        for match in pattern.finditer(bare)
        if not match[0][1:5].lower().startswith(("may,", "june", "july"))
    )
    evidence = tuple(
        Evidence(rule=rule, text=text[start:end], start=start, end=end)
        for start, end, rule in found
    )
    told = ", ".join(quoted(one.text) for one in evidence[:3])
    score = Score(
        name="cites",
        value=len(evidence),
        explanation=f"it cites {told}" if evidence else f"no citation is in {quoted(text)}",
        evidence=evidence,
    )
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_least=1))


def number_within(
    said: Said,
    wanted: float,
    *,
    within: float = 0.0,
    share: float = 0.0,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """Whether an output gives a number, give or take: 1 or 0. Passes at 1.

    Any number of the output counts, in digits or English words (`1,000`, `1e3`, `one thousand`). 0
    where it has no number; always decided.

    Blind spots: what the number is of, and its unit; a decimal comma (`3,5`) is not read.

    Args:
        said: The output.
        wanted: The number.
        within: How far it may be, in its unit.
        share: How far it may be, as a share of `wanted`; the wider of both holds.
        at_least: The lowest value that passes.
        at_most: The highest.
    """
    text = text_of(said)
    found = quantities(text)
    # Float's own noise may not fail 0.3 within 0.1 of 0.2.
    reach = max(within, share * abs(wanted)) + 1e-9 * max(abs(wanted), abs(within))
    nearest = min(found, key=lambda one: abs(one.value - wanted), default=None)
    if nearest is None:
        score = Score(name="number_within", value=0.0, explanation=f"no number in {quoted(text)}")
    else:
        there, (start, end) = text[nearest.start : nearest.end], (nearest.start, nearest.end)
        score = Score(
            name="number_within",
            value=float(abs(nearest.value - wanted) <= reach),
            explanation=f"the nearest number to {wanted:g} is {quoted(there)}, "
            f"{abs(nearest.value - wanted):g} away",
            evidence=(Evidence(rule="number", text=there, start=start, end=end),),
        )
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_least=1))


def date_within(
    said: Said,
    wanted: date | str,
    *,
    days: int = 0,
    day_first: bool | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """Whether an output gives a date, give or take some days: 1 or 0. Passes at 1.

    Any full date counts: `2026-11-24`, `24 November 2026`, `Nov 24, 2026`, `24/11/2026`. 0 where it
    has none. None where it hangs on whether `04/05/2026` is in April or in May: say `day_first`.

    Blind spots: `tomorrow`, dates without a year, months in other languages than English.

    Args:
        said: The output.
        wanted: The date, or its ISO form.
        days: How many days it may be off.
        day_first: Whether `04/05/2026` is the 4th of May; None where that is not known.
        at_least: The lowest value that passes.
        at_most: The highest.
    """
    text, day = text_of(said), date.fromisoformat(wanted) if isinstance(wanted, str) else wanted
    found = [
        (match, [abs((one - day).days) for one in readings])
        for match, readings in _dates(text, day_first)
    ]
    score = _dated(text, day, days, found)
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_least=1))


def _listed(wanted: Wanted) -> list[str]:
    return [wanted] if isinstance(wanted, str) else list(wanted)


def _nothing_wanted(name: str) -> Score:
    return Score(name=name, explanation="there is nothing to look for: a text is empty or missing")


def _places(text: str, asked: Sequence[str], ignore_case: bool) -> dict[str, tuple[int, int]]:
    """Where each first stands, of those that do."""
    if not ignore_case:
        return {one: (at, at + len(one)) for one in asked if (at := text.find(one)) >= 0}
    folded = text.casefold()
    places = {}
    for one in asked:
        wanted = one.casefold()
        if wanted and (at := folded.find(wanted)) >= 0:
            places[one] = _unfolded(text, folded, at, at + len(wanted))
    return places


def _unfolded(text: str, folded: str, start: int, end: int) -> tuple[int, int]:
    """The place in the text of a place in its casefolded form, where one letter may be two."""
    if len(folded) == len(text):
        return start, end
    owners = [place for place, letter in enumerate(text) for _ in letter.casefold()]
    return owners[start], owners[end - 1] + 1


def _evidence(name: str, text: str, places: dict[str, tuple[int, int]]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(rule=name, text=text[start:end], start=start, end=end, nearest=one)
        for one, (start, end) in sorted(places.items(), key=lambda place: place[1])
    )


def _contained(places: dict[str, tuple[int, int]], missing: list[str]) -> str:
    there = ", ".join(
        f"{quoted(one)} stands at character {start}" for one, (start, _) in places.items()
    )
    absent = ", ".join(map(quoted, missing))
    return "; ".join(filter(None, [there, absent and f"not there: {absent}"]))


class _End(NamedTuple):
    """How an end of a text is looked at."""

    strip: Callable[[str], str]
    holds: Callable[[str, str], bool]
    shown: slice


_ENDS = {
    "starts_with": _End(str.lstrip, str.startswith, slice(80)),
    "ends_with": _End(str.rstrip, str.endswith, slice(-80, None)),
    "equals": _End(str.strip, str.__eq__, slice(None)),
}


def _ended(name: str, said: str, wanted: Wanted, *, ignore_case: bool) -> Score:
    asked, end = _listed(wanted), _ENDS[name]
    if not all(asked) or not asked:
        return _nothing_wanted(name)
    text = end.strip(said)
    folded, shown = text.casefold() if ignore_case else text, text[end.shown]
    found = [one for one in asked if end.holds(folded, one.casefold() if ignore_case else one)]
    told = f"{quoted(shown)} {'is right for' if found else 'is not right for'}"
    return Score(
        name=name,
        value=float(bool(found)),
        explanation=f"{told} {name} {' or '.join(map(quoted, found[:1] or asked))}",
        evidence=(Evidence(rule=name, text=shown, nearest=(found or asked)[0]),),
    )


def _matched(text: str, pattern: re.Pattern[str], span: tuple[int, int] | None) -> Score:
    told = quoted(pattern.pattern)
    if span is None:
        where = f"{told} is nowhere in {quoted(text)}"
        return Score(name="matches", value=0.0, explanation=where)
    start, end = span
    return Score(
        name="matches",
        value=1.0,
        explanation=f"{told} is found in {quoted(text[start:end])}, at character {start}",
        evidence=(
            Evidence(
                rule="matches", text=text[start:end], start=start, end=end, nearest=pattern.pattern
            ),
        ),
    )


def _counted(name: str, count: int, unit: str) -> Score:
    return Score(name=name, value=count, explanation=f"the output has {count} {unit}")


def _dates(text: str, day_first: bool | None) -> Iterator[tuple[re.Match[str], list[date]]]:
    """Each date of the text with the days that it may mean, one or two."""
    for pattern in _DATES:
        for match in pattern.finditer(text):
            pairs = _month_and_day(match.groupdict(), day_first)
            year = int(match["year"])
            readings = [one for month, day in pairs if (one := _day(year, month, day))]
            if readings:
                yield match, readings


def _month_and_day(part: dict[str, str], day_first: bool | None) -> set[tuple[int, int]]:
    """What the parts of a date may be; those of a date that begins with its year are certain."""
    if "month" in part:
        return {(month_of(part["month"]), int(part["day"]))}
    first, second = int(part["first"]), int(part["second"])
    if next(iter(part)) == "year":
        return {(first, second)}
    both = {True: (second, first), False: (first, second)}
    return set(both.values()) if day_first is None else {both[day_first]}


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _dated(
    text: str, wanted: date, days: int, found: list[tuple[re.Match[str], list[int]]]
) -> Score:
    if not found:
        return Score(name="date_within", value=0.0, explanation=f"no full date in {quoted(text)}")
    # The surest: the one whose every reading is near, then the one with any such.
    match, away = min(found, key=lambda one: (max(one[1]) > days, min(one[1])))
    told = f"the nearest date to {wanted} is {quoted(match[0])}"
    place = Evidence(rule="date", text=match[0], start=match.start(), end=match.end())
    if min(away) <= days < max(away):
        return Score(
            name="date_within",
            explanation=f"{told}, day or month first: say day_first=True or day_first=False",
            evidence=(place,),
        )
    return Score(
        name="date_within",
        value=float(max(away) <= days),
        explanation=f"{told}, {min(away)} days away",
        evidence=(place,),
    )
