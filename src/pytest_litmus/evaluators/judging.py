"""Judging: a rubric put to a model, one or several, and what they say of a text.

The model is reached through the user's own function, so that no provider and no key is ours. Its
calls are captured with the purpose `judge`: they have a cassette, a cost and a budget of their own.
How far a judge can be believed is for `litmus judge calibrate` to say, which compares it with
people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pytest_litmus.evaluators.judge_answer import Answer, read_answer
from pytest_litmus.evaluators.judge_prompt import (
    CANNOT_DECIDE,
    prompt_for,
    repair_prompt,
    shortened,
    without_marks,
)
from pytest_litmus.evaluators.quoting import quoted
from pytest_litmus.evaluators.said import Said, text_of
from pytest_litmus.purpose import asking_as
from pytest_litmus.verdicts import Evidence, Limit, Score, Verdict, decided
from pytest_litmus.waiting import waited_for

SPLIT = "split"
"""The label of a jury that comes to no verdict."""

_OPEN = (CANNOT_DECIDE, SPLIT)
_RAW_CHARS = 200


@dataclass(frozen=True, kw_only=True)
class Judge:
    """A rubric, and the model that it is put to."""

    ask: Callable[[str], Any]
    """Prompt in, answer out: `llm.ask`, or any function of yours. The answer is a text, a
    probability in [0, 1] (of a decision model), or a chat completion as a dict, such as
    `Endpoint.with_logprobs` gives, of whose log probabilities a share of each verdict is made.

    An `async` function is awaited in an event loop that is the judges' own, whether or not one runs
    here: let it make its client itself, as a client belongs to one loop."""
    rubric: str
    """A question that the highest verdict affirms: "Is the answer polite?" """
    scale: Sequence[str] | Mapping[int, str] = ("no", "yes")
    """Verdicts from worst to best; or numbers with what each means: `{1: "rude", 5: "warm"}`."""
    examples: Sequence[tuple[str, str]] = ()
    """Texts with their right verdicts."""
    name: str = "judged_by"
    """What its scores are called in the report."""
    reasons: bool = True
    """Whether it says why and quotes the text before its verdict, which explains a failure. False:
    one word, of less time and money; small models are then harder to talk round."""
    samples: int = 1
    """How often it is asked; a share of several answers stands for a probability."""
    max_chars: int = 20_000
    """Of each text; of a longer one, the middle is left out, and the explanation says so."""

    def __post_init__(self) -> None:
        if len(self.scale) < 2 or self.samples < 1:
            raise ValueError(f"the judge {self.name!r} needs two verdicts and one sample at least")

    @property
    def values(self) -> dict[str, float]:
        """The verdicts, each with its place in [0, 1]; numbers keep their distances."""
        if isinstance(self.scale, Mapping):
            low, high = min(self.scale), max(self.scale)
            return {str(key): (key - low) / (high - low) for key in sorted(self.scale)}
        return {label: place / (len(self.scale) - 1) for place, label in enumerate(self.scale)}

    @property
    def labels(self) -> dict[str, str]:
        """The verdicts, the best one first, each with what it means."""
        if isinstance(self.scale, Mapping):
            return {str(key): self.scale[key] for key in sorted(self.scale, reverse=True)}
        return dict.fromkeys(reversed(self.scale), "")


@dataclass(frozen=True, kw_only=True)
class Jury:
    """Several judges, whose verdict is that of more than half of them, or their mean.

    One that fails (its `ask` raises, or its answer cannot be read) has no vote. More than half of
    all have to agree all the same, so that its vote could have changed nothing.
    """

    judges: Sequence[Judge]
    by_mean: bool = False
    """For scales: the mean, unless the judges are more than `max_spread` apart."""
    max_spread: float = 0.5
    name: str = "judged_by"


def judged_by(
    judge: Judge | Jury,
    said: Said,
    *,
    question: str | None = None,
    context: str | None = None,
    reference: str | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """What a judge says of a text: 0 is the worst verdict of its scale, 1 the best.

    Of two verdicts the value is the probability of the better one, where the model gives one, and
    at least 0.5 passes unless a limit is given; a longer scale gives a score.

    A judge that cannot decide and a jury that is split are `inconclusive`, never a pass and never a
    fail; an answer that cannot be read, not even when asked again, is an `error` that quotes it.
    What the `ask` of a single judge raises is not caught; in a jury it is that judge's error, named
    in the evidence, and the jury's where the others are too few to decide.

    In an async test the event loop waits for the judge; to keep it going:
    `await asyncio.to_thread(judged_by, judge, text)`.

    Blind spots: a judge is a model. It may be wrong, prefer long answers or its own style, and obey
    the text that it judges: see `judge_resists_injection` and `litmus judge calibrate`.
    """
    given = {"question": question, "context": context, "reference answer": reference}
    parts = {title: text for title, text in given.items() if text is not None}
    parts["text to judge"] = text_of(said)
    score = _by_jury(judge, parts) if isinstance(judge, Jury) else _by_one(judge, parts)
    first = judge.judges[0] if isinstance(judge, Jury) else judge
    otherwise = Limit(at_least=0.5) if len(first.scale) == 2 else None
    result = decided(score, at_least=at_least, at_most=at_most, otherwise=otherwise)
    if isinstance(result, Verdict) and score.label in _OPEN:
        return replace(result, outcome="inconclusive")
    return result


# One judge


def _by_one(judge: Judge, parts: Mapping[str, str]) -> Score:
    prompt = prompt_for(
        judge.rubric,
        judge.labels,
        {title: shortened(text, judge.max_chars) for title, text in parts.items()},
        examples=judge.examples,
        reasons=judge.reasons,
    )
    answers = [_answer(judge, prompt) for _ in range(judge.samples)]
    unread = next((one for one in answers if one.label is None and one.value is None), None)
    text = parts["text to judge"]
    if unread is not None:
        return Score(name=judge.name, explanation=_unreadable(unread))
    told = _told(answers[0]) + _cut(text, judge.max_chars)
    sure = [one for one in answers if one.label != CANNOT_DECIDE]
    if 2 * len(sure) <= len(answers):
        return Score(name=judge.name, label=CANNOT_DECIDE, explanation=f"it cannot decide{told}")
    value = sum(_value(one, judge.values) for one in sure) / len(sure)
    label = _nearest(value, judge.values)
    times = f" in {len(answers)} answers" if len(answers) > 1 else ""
    return Score(
        name=judge.name,
        value=value,
        label=label,
        explanation=f"the judge says {label!r} ({value:.2f}{times}){told}",
        evidence=_evidence(sure, text),
    )


def _answer(judge: Judge, prompt: str) -> Answer:
    """An answer, after one more question if it cannot be read."""
    labels = judge.labels
    with asking_as("judge"):
        answer = read_answer(waited_for(judge.ask(prompt)), tuple(labels))
        if answer.label is None and answer.value is None:
            said = answer.raw[-_RAW_CHARS:]
            again = repair_prompt(prompt, said, labels, reasons=judge.reasons)
            return read_answer(waited_for(judge.ask(again)), tuple(labels))
    return answer


def _value(answer: Answer, values: Mapping[str, float]) -> float:
    """The mean of the scale by the shares; without any, the place of the label."""
    if answer.value is not None:
        return answer.value
    shares = {label: answer.shares.get(label, 0.0) for label in values}
    total = sum(shares.values())
    if total:
        return sum(values[label] * share for label, share in shares.items()) / total
    return values[answer.label or ""]


def _nearest(value: float, values: dict[str, float]) -> str:
    """The label at a value; half-way between two, the better one."""
    return min(reversed(values), key=lambda label: abs(values[label] - value))


def _unreadable(answer: Answer) -> str:
    return f"the judge's answer cannot be read, asked twice: {answer.raw[:_RAW_CHARS]!r}"


def _told(answer: Answer) -> str:
    return f": {answer.reason[:_RAW_CHARS]!r}" if answer.reason else ""


def _cut(text: str, max_chars: int) -> str:
    return f"; it saw {max_chars} of {len(text)} characters" if len(text) > max_chars else ""


def _evidence(answers: Sequence[Answer], text: str) -> tuple[Evidence, ...]:
    """The quotes that are in the text; one that the judge made up speaks for nothing."""
    quotes = (without_marks(one.quote) for one in answers if one.quote)
    places = {quote: text.find(quote) for quote in quotes if quote}
    found = [
        Evidence(rule="judge", text=quote, start=at, end=at + len(quote))
        for quote, at in places.items()
        if at >= 0
    ]
    return tuple(sorted(found, key=lambda one: one.start or 0))


# A jury


def _by_jury(jury: Jury, parts: Mapping[str, str]) -> Score:
    scores = [_by_juror(judge, parts) for judge in jury.judges]
    voted = [score for score in scores if score.value is not None]
    label, share = _majority(scores)
    told = f"agreement {share:.0%} of {len(scores)} judges: {_votes(scores)}"
    evidence = tuple(one for score in scores for one in score.evidence)
    if not (_agree_on_mean(jury, scores) if jury.by_mean else share > 1 / 2):
        return _undecided(jury, scores, told, evidence)
    value = _mean(voted) if jury.by_mean else _share_of(jury, voted)
    return Score(
        name=jury.name,
        value=value,
        label=_nearest(value, jury.judges[0].values) if jury.by_mean else label,
        explanation=f"the jury says {value:.2f}; {told}",
        evidence=evidence,
    )


def _by_juror(judge: Judge, parts: Mapping[str, str]) -> Score:
    """What one of several says; what its `ask` raises is its own error, and ends no test."""
    try:
        score = _by_one(judge, parts)
    except Exception as error:  # noqa: BLE001 - the user's function may raise anything
        said = f"{type(error).__name__}: {error}"
        score = Score(name=judge.name, explanation=quoted(said))
    if not _failed(score):
        return score
    named = Evidence(rule="juror-error", text=f"{judge.name}: {score.explanation}")
    return replace(score, evidence=(named,))


def _failed(score: Score) -> bool:
    return score.value is None and score.label is None


def _undecided(
    jury: Jury, scores: Sequence[Score], told: str, evidence: tuple[Evidence, ...]
) -> Score:
    """A jury that is split, or that cannot tell whether it is: who failed might have decided."""
    failed = [score.name for score in scores if _failed(score)]
    if not failed:
        said = f"the jury is split; {told}"
        return Score(name=jury.name, label=SPLIT, explanation=said, evidence=evidence)
    said = f"{len(failed)} of {len(scores)} judges failed ({', '.join(failed)}), and the others "
    return Score(
        name=jury.name, explanation=f"{said}are too few to decide; {told}", evidence=evidence
    )


def _agree_on_mean(jury: Jury, scores: Sequence[Score]) -> bool:
    """Whether more than half give a value, none of them too far from another."""
    values = [score.value for score in scores if score.value is not None]
    return 2 * len(values) > len(scores) and max(values) - min(values) <= jury.max_spread


def _mean(scores: Sequence[Score]) -> float:
    return sum(score.value or 0.0 for score in scores) / len(scores)


def _majority(scores: Sequence[Score]) -> tuple[str | None, float]:
    """The label most given, and its share of all judges: who abstains agrees with nobody."""
    votes = Counter(score.label for score in scores if score.value is not None)
    if not votes:
        return None, 0.0
    label, count = votes.most_common(1)[0]
    return label, count / len(scores)


def _share_of(jury: Jury, voted: Sequence[Score]) -> float:
    """The mean of the labels' places: of two verdicts, the share of the better one."""
    values = jury.judges[0].values
    return sum(values[score.label or ""] for score in voted) / len(voted)


def _votes(scores: Sequence[Score]) -> str:
    return "; ".join(f"{score.name}: {score.explanation}" for score in scores)
