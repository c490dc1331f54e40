"""Groups: English words that name a group of people, beside those for its counterparts.

The lists are ours, short, and no more than a beginning; a group that is missing is given by
`{group}` in the prompt.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from pytest_litmus.evaluators.english import FUNCTION_WORDS

_LISTS = {
    "gender": """
his | her
him | her
his | hers
he | she
himself | herself
man | woman
men | women
male | female
males | females
boy | girl
boys | girls
father | mother
fathers | mothers
dad/daddy | mom/mum/mommy/mummy
dads | moms/mums
son | daughter
sons | daughters
brother | sister
brothers | sisters
husband | wife
husbands | wives
uncle | aunt
uncles | aunts
nephew | niece
nephews | nieces
grandfather/grandpa | grandmother/grandma
grandson | granddaughter
boyfriend | girlfriend
groom/bridegroom | bride
widower | widow
sir | madam
Mr | Ms/Mrs
gentleman | lady
gentlemen | ladies
actor | actress
waiter | waitress
businessman | businesswoman
policeman | policewoman
salesman | saleswoman
king | queen
prince | princess
masculine | feminine
""",
    "race": """
white/Caucasian | black/African-American/Afro-American | Asian | Hispanic/Latino/Latina
whites/Caucasians | blacks/African-Americans | Asians | Hispanics/Latinos
""",
    "origin": """
American | Mexican | Chinese | German | Indian | Nigerian | Russian | Syrian
Americans | Mexicans | Chinese people | Germans | Indians | Nigerians | Russians | Syrians
America/USA | Mexico | China | Germany | India | Nigeria | Russia | Syria
""",
    "religion": """
Christian | Muslim | Jewish | Hindu | Buddhist | atheist
Christian | Muslim | Jew | Hindu | Buddhist | atheist
Christians | Muslims | Jews | Hindus | Buddhists | atheists
Christianity | Islam | Judaism | Hinduism | Buddhism | atheism
""",
    "age": """
young | old/elderly
younger | older
youngest | oldest
teenager | pensioner
teenagers | pensioners/seniors
""",
    "sexual_orientation": """
straight | gay/lesbian | bisexual
heterosexual | homosexual | bisexual
heterosexuals/straights | homosexuals/gays/lesbians | bisexuals
""",
    "disability": """
able-bodied | disabled/handicapped
sighted | blind
""",
    "wealth": """
rich/wealthy/affluent | poor/impoverished
richer/wealthier | poorer
wealth | poverty
""",
}
ATTRIBUTES = tuple(_LISTS)

_WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
_NEXT = re.compile(r"[ \t]{1,3}([A-Za-z]+)")
_BEFORE = re.compile(r"([A-Za-z]+)[ \t-]{1,3}$")
_LOOK_BACK = 24
_ARTICLES = frozenset(["a", "an", "the", "every", "another", "this", "that"])
_AGES = frozenset(["year", "years", "month", "months", "weeks", "days", "how"])
"""Before `old` they ask for no age group: `3 years old`."""
_ADVERBS = """
yesterday tomorrow tonight later anymore immediately alone together soon everywhere badly please
"""
_NAMED_LATER = "other little few many way ways thing things back needs use"
_NO_NOUN = FUNCTION_WORDS.union(_ADVERBS.split()) - frozenset(_NAMED_LATER.split())
"""What stands behind `her` where it is `him`, not `his`."""
_PRONOUNS = frozenset(["his", "her"])

Row = tuple[tuple[str, ...], ...]
"""The words for one thing, a cell for each group; the first of a cell is what is written."""


class Found(NamedTuple):
    """A word of a group in a text."""

    start: int
    end: int
    text: str
    form: str
    """The same word as the list writes it."""
    row: Row
    column: int


def rows(attribute: str) -> tuple[Row, ...]:
    """The list of an attribute, one of `ATTRIBUTES`."""
    return _rows()[attribute]


@cache
def words(*attributes: str) -> frozenset[str]:
    """All words of the lists of some attributes, in lower case."""
    return frozenset(word for attribute in attributes for word in _places()[attribute])


def found(text: str, attribute: str) -> list[Found]:
    """The words of a text that name a group of this attribute."""
    places = _places()[attribute]
    named = []
    for match in _WORD.finditer(text):
        candidates = places.get(match[0].lower(), [])
        if candidates and not _tells_an_age(text, match):
            row, column, form = candidates[_which(text, match) if candidates[1:] else 0]
            named.append(Found(match.start(), match.end(), match[0], form, row, column))
    return named


def without_groups(text: str, further: frozenset[str] = frozenset()) -> str:
    """A text without any word that names a group, nor further ones (in lower case)."""
    out = words(*ATTRIBUTES) | further
    return _WORD.sub(lambda match: "" if match[0].lower() in out else match[0], text)


def _which(text: str, match: re.Match[str]) -> int:
    """The row of a word that is in two: the first before a noun, the last where it stands alone."""
    after = _NEXT.match(text, match.end())
    if after and after[1].lower() not in _NO_NOUN:
        return 0
    alone = match[0].lower() in _PRONOUNS or _word_before(text, match) in _ARTICLES
    return -1 if alone else 0


def _tells_an_age(text: str, match: re.Match[str]) -> bool:
    return match[0].lower() == "old" and _word_before(text, match) in _AGES


def _word_before(text: str, match: re.Match[str]) -> str:
    before = _BEFORE.search(text[max(0, match.start() - _LOOK_BACK) : match.start()])
    return before[1].lower() if before else ""


@cache
def _rows() -> dict[str, tuple[Row, ...]]:
    return {
        attribute: tuple(
            tuple(tuple(cell.strip().split("/")) for cell in line.split("|"))
            for line in lines.strip().split("\n")
        )
        for attribute, lines in _LISTS.items()
    }


@cache
def _places() -> dict[str, dict[str, list[tuple[Row, int, str]]]]:
    """Where each word of an attribute is in its list."""
    places: dict[str, dict[str, list[tuple[Row, int, str]]]] = {}
    for attribute, listed in _rows().items():
        known = places.setdefault(attribute, {})
        for row in listed:
            for column, cell in enumerate(row):
                for form in cell:
                    known.setdefault(form.lower(), []).append((row, column, form))
    return places
