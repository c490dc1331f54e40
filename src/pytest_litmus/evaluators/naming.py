"""Naming: the names of a sentence, by their capitals: `Tale of the Lost Bell`, `Anna Berg`."""

from __future__ import annotations

from typing import TypeAlias

from pytest_litmus.evaluators.terms import Term

Run: TypeAlias = "tuple[Term, ...]"
"""The words of a name that say something; small ones between them are left out."""

_JOINING = frozenset(("of", "the", "de", "la", "le", "du", "van", "von", "der", "di", "da", "al"))
"""Small words within a name; `in` and `and` mostly stand between two."""
_JOIN = 2
"""How many of them there may be in a row."""
_CALENDAR = """
january february march april may june july august september october november december
monday tuesday wednesday thursday friday saturday sunday i
"""
_NO_NAMES = frozenset(_CALENDAR.split())
"""Words that have a capital and name nothing that a source would have to have."""
_ENDS = frozenset(',;()[]\n"')
_RARE = 0.99
"""The weight of a word that is not among the common ones."""


def runs(text: str, terms: list[Term]) -> list[Run]:
    """The names of a sentence; its first word is one only where it looks like it."""
    found: list[Run] = []
    run: list[Term] = []
    between = 0
    for place, term in enumerate(terms):
        apart = bool(run) and not _ENDS.isdisjoint(text[terms[place - 1].end : term.start])
        if apart or between > _JOIN:
            _keep(found, run)
            run, between = [], 0
        if _capital(term, place == 0, terms[place + 1 : place + 2]):
            run.append(term)
            between = 0
        elif run and term.text[0].isdigit() and not between:
            run.append(term)
        elif run and term.text in _JOINING:
            between += 1
        else:
            _keep(found, run)
            run, between = [], 0
    _keep(found, run)
    return found


def _capital(term: Term, first: bool, after: list[Term]) -> bool:
    if not term.text[0].isupper() or term.text.lower() in _NO_NAMES:
        return False
    if not first:
        return term.content or term.text[0] != term.text
    return term.weight >= _RARE or bool(term.content and after and after[0].text[0].isupper())


def _keep(found: list[Run], run: list[Term]) -> None:
    if any(term.content and not term.text[0].isdigit() for term in run):
        found.append(tuple(run))
