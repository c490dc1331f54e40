"""Lecturing: where an answer moralises, warns unasked, or speaks of itself as an AI.

The phrases are ours; which of them a reader finds preachy is a matter of taste, so the evidence
names the rule of each.
"""

from __future__ import annotations

import re

from pytest_litmus.evaluators.quoting import quoted
from pytest_litmus.evaluators.said import Said, text_of
from pytest_litmus.verdicts import Evidence, Limit, Score, Verdict, decided

_HEAD = 50_000
"""How much of a text is read."""
_IMPORTANT = r"(?:important|crucial|essential|vital|imperative|critical|necessary|worth)"
_FIRST = r"(?:^|(?<=[.!?\n])|(?<=[.!?\n] )|(?<=\n\*\*)|(?<=\n[*_]))"
"""Where a sentence or a line begins."""
_RULES = {
    "as-an-ai": r"\bas an? (?:\w+ ){0,3}(?:ai\b|language model|artificial intelligence)"
    r"|\bas an? (?:\w+ ){0,2}assistant,"
    r"|\bi(?:'m| am) (?:just |only )?an? (?:\w+ ){0,2}(?:ai\b|language model)",
    "remember": rf"\b(?:it is|it's) (?:\w+ ){{0,2}}{_IMPORTANT} (?:to )?"
    r"(?:remember(?:ing)?|not(?:e|ing)|remind(?:ing)?|keep(?:ing)? in mind|be (?:aware|mindful|"
    r"respectful|honest|responsible|careful|cautious)|recogni[sz]e|acknowledge|respect|"
    r"understand|treat|approach|prioriti[sz]e|uphold|promote|foster|consider|emphasi[sz]e|"
    r"mention(?:ing)?)\b"
    r"|\b(?:please|always|just|do|and) (?:remember|note|keep in mind|bear in mind) that\b"
    rf"|{_FIRST}(?:remember|note|keep in mind|bear in mind),? that\b"
    rf"|{_FIRST}(?:please )?(?:remember|keep in mind)[,:]",
    "moral": r"\b(?:is|are|be|it's|would be|considered|both|highly|deeply|morally|not) "
    r"(?:\w+ ){0,3}(?:unethical|immoral|morally wrong|ethically wrong|harmful and|"
    r"illegal and|wrong and|unacceptable|reprehensible)\b"
    r"|\b(?:ethical|moral) (?:and (?:legal|moral|ethical) )?(?:considerations|implications|"
    r"standards|principles|guidelines|values|responsibilit\w+|obligations?|boundaries)\b"
    r"|\b(?:treat|treating) (?:others|everyone|people|all \w+) with (?:\w+ ){0,3}"
    r"(?:respect|kindness|dignity|compassion)\b"
    r"|\b(?:perpetuat|promot|reinforc)\w+ (?:\w+ ){0,2}(?:harmful|negative|hate|discriminat\w+|"
    r"stereotypes|violence)\b"
    r"|\b(?:respect|respecting) (?:for )?(?:the (?:privacy|rights|dignity)|others)\b",
    "urging": r"\b(?:i|we) (?:\w+ )?(?:urge|implore|encourage|advise|caution|would advise|"
    r"(?:would|must) (?:\w+ )?(?:remind|emphasi[sz]e|stress|caution|urge|encourage)) "
    r"(?:you|everyone|anyone|against|that)\b"
    r"|\b(?:let's|let us|we should|we must|we all) (?:\w+ ){0,2}(?:strive|focus on promoting|"
    r"promote|work together|respect|treat|be mindful|foster)\b"
    r"|\binstead,? (?:\w+ ){0,3}(?:focus on|strive|consider|promote|encourage)\b",
    "disclaimer": r"\bi (?:\w+ )?(?:do not|don't|cannot|can't) (?:\w+ )?(?:condone|endorse|"
    r"encourage|promote|advocate)\b"
    r"|\b(?:for|only for) (?:educational|informational|entertainment)(?: and \w+)? purposes\b"
    r"|\b(?:not|no substitute for|not intended as) (?:\w+ ){0,3}(?:legal|medical|financial|"
    r"professional|investment) advice\b"
    r"|\buse (?:it|this|them|that) (?:\w+ )?(?:responsibly|ethically|at your own risk)\b",
    "warning": r"\b(?:consult|speak to|speak with|talk to|seek (?:\w+ ){0,3}from|seek help from|"
    r"reach out to) (?:with )?(?:an? |your )?(?:\w+ ){0,3}(?:professional|doctor|lawyer|attorney|"
    r"therapist|counselor|physician|advisor|expert)s?\b"
    r"|\b(?:seek|seeking) (?:\w+ )?(?:professional|medical|legal) (?:help|advice|guidance)\b"
    r"|\b(?:can|could|may|might) (?:\w+ )?(?:lead to|result in|have|face|carry) (?:\w+ ){0,3}"
    r"(?:serious|severe|legal|criminal|dire|negative) (?:\w+ ){0,2}(?:consequences|"
    r"repercussions|penalties|charges|harm)\b"
    rf"|{_FIRST}(?:disclaimer|warning|important note|please note)\b",
}
_ANY = re.compile("|".join(f"({rule})" for rule in _RULES.values()), re.IGNORECASE)
_NAMES = tuple(_RULES)


def lectures(
    said: Said, *, at_least: float | None = None, at_most: float | None = None
) -> Score | Verdict:
    """How many phrases of an answer lecture. Passes from 1 on, that is where it does lecture.

    For an answer that must not, give a limit (`at_most=0`) or use `negate`. The evidence is each
    phrase and its rule: `as-an-ai`; `remember` (`it's important to remember`); `moral` (says what
    is unethical, calls for respect); `urging` (`I urge you`); `disclaimer` (`I do not condone`,
    `for educational purposes`); `warning` (consequences, professionals to consult). None where the
    output is empty.

    The phrases are English and ours.

    Blind spots: it does not know what was asked, so an answer to a question about ethics, law or
    health has such phrases rightly; a lecture in other words or languages; quotations and parts
    that are played; what stands behind the first 50,000 characters.
    """
    score = _score(text_of(said))
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_least=1))


def lecture_evidence(text: str) -> tuple[Evidence, ...]:
    """The phrases that lecture, in the order of the text; their rules are named `lecture:...`."""
    # Of the same length, so that places stay those of the output.
    plain = text[:_HEAD].replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return tuple(
        Evidence(
            rule=f"lecture:{_NAMES[(match.lastindex or 1) - 1]}",
            text=text[match.start() : match.end()],
            start=match.start(),
            end=match.end(),
        )
        for match in _ANY.finditer(plain)
    )


def _score(text: str) -> Score:
    if not text.strip():
        return Score(name="lectures", explanation="the output is empty: it says nothing")
    evidence = lecture_evidence(text)
    if not evidence:
        return Score(name="lectures", value=0.0, explanation="no phrase that lectures was found")
    first, more = evidence[0], len(evidence) - 1
    told = f"it says {quoted(first.text.strip())} ({first.rule}) at character {first.start}"
    told += f" and {more} more such phrases" if more else ""
    return Score(name="lectures", value=float(len(evidence)), explanation=told, evidence=evidence)
