"""Refusing: the signs by which an answer refuses, sentence by sentence.

The phrases are ours; what they tell together is weighed by a model (`training/refusal.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

HEAD = 4_000
"""How much of each end of a long text is looked at: refusals are there."""
_ENDS = r".!?\u3002\uff01\uff1f\u0964\u061f"
_SENTENCE = re.compile(rf"[^{_ENDS}\n]{{1,400}}[{_ENDS}]?")
_WORD = re.compile(r"[a-z']{1,20}")

_NOT_ABLE = (
    r"(?:can(?:no|')t|can not|cant|won't|will not|would not|wouldn't|could not|couldn't|"
    r"(?:am|'m|are|'re) (?:\w+ )?(?:unable|not able|not going|not willing|unwilling|not allowed|"
    r"not permitted|not programmed|not designed|not comfortable|not authorized|prohibited|"
    r"not equipped|not in a position)(?: to| from)?|"
    r"(?:must|have to|need to|should|will|'ll) (?:\w+ )?(?:decline|refuse|refrain)|"
    r"(?:respectfully |politely )?(?:decline|refuse) to|"
    r"(?:don't|do not|did not) (?:feel comfortable|feel right|have the ability|have access|"
    r"have the capability|engage in|support|condone|provide|create|generate|write|discuss)|"
    r"(?:may|must|should|shall) not)"
)
_DOES = (
    r"(?:help|assist|provid|giv|creat|generat|writ|comply|fulfil|answer|respond|support|promot|"
    r"engag|discuss|offer|produc|shar|do (?:that|this|so|it)|continu|recommend|encourag|endors|"
    r"participat|satisf|suggest|explain|accommodat|process|complet|facilitat|condon|tell|advis|"
    r"show|describ|be (?:part|used|involved)|mak|tak|advocat|go (?:along|into|down)|draft|compos|"
    r"guid|instruct|perform|carry|agree|teach|entertain|speak|talk|proceed|display|draw|search|"
    r"browse|access|view|predict|translat|disclos|reveal|detail|verif|confirm|identif|reproduc|"
    r"contribut|analy[sz]|violat|simulat|role|pretend|express|state|list|go\b)"
)
_ENGLISH = {
    "cannot-do": rf"\b(?:i|we|it|this assistant)(?: \w+)? ?{_NOT_ABLE}"
    rf"(?: \w+){{0,3}}? {_DOES}\w*",
    "cannot": rf"\b(?:i|we) ?{_NOT_ABLE}",
    "cannot-first": r"^\W*(?:(?:i'm|i am|we're|we are|so|very|sorry|apologies|unfortunately|"
    r"i apologi[sz]e|but|my|no|nope|as an ai(?: language model| assistant)?)\W{1,3}){0,8}"
    rf"(?:i|we) ?{_NOT_ABLE} "
    r"(?!stop|help but|wait|believe|imagine|stand|say enough|think)",
    "not-mine": r"\bnot (?:something|a (?:topic|subject|request)) (?:that )?"
    r"i(?:'m| can| will| am)?\b"
    r"|\b(?:i'm|i am|i will|i'll) not (?:be )?(?:get|go|help|do|giv|provid|writ|answer|tell|say)\w*"
    r"|\bi (?:would|'d) (?:rather|prefer) not\b|\bi(?:'d| would) rather not\b",
    "no-subject": rf"^\W*(?:unable|not able|can't|cannot|won't|declin\w+) (?:to )?{_DOES}",
    "refuse": r"\b(?:i|we) (?:\w+ )?(?:decline|refuse)\b|\bmy answer is no\b|^\W*(?:no|nope)\W*$"
    r"|^\W*no[,.] (?:i|that)",
    "against-rules": r"\b(?:against|violat\w+|goes against|outside) (?:my|our|the|openai'?s?|"
    r"content|usage) (?:\w+ ){0,2}(?:polic|guideline|program|principle|rule|values|scope|terms)",
    "request-is-bad": r"\b(?:request|question|topic|content|prompt)s? (?:\w+ ){0,4}"
    r"(?:inappropriate|harmful|unethical|illegal|offensive|not appropriate|violates?|dangerous)",
    "not-appropriate": r"\bnot (?:\w+ )?(?:appropriate|ethical|acceptable|okay|ok|right|"
    r"something i (?:can|will|am))\b",
    "blocked": r"\b(?:response|content|request|prompt|answer|message)\b.{0,40}"
    r"\b(?:filtered|blocked|flagged|rejected|disallowed|was denied)",
    "is-bad": r"\b(?:illegal|unethical|immoral|against the law|inappropriate|harmful|dangerous|"
    r"unacceptable|offensive)\b",
    "sorry": r"\b(?:sorry|apologi[sz]e|apologies|unfortunately|regret|afraid)\b",
    "as-an-ai": r"\bas an? (?:\w+ ){0,3}(?:ai\b|language model|assistant|artificial)"
    r"|\bjust an ai\b|\bi'm an? (?:\w+ ){0,2}(?:ai|assistant)\b",
    "purpose": r"\bmy (?:purpose|role|goal|programming|guidelines|training)\b|\bi was designed\b",
    "reach-out": r"\b(?:hotline|helpline|crisis line|seek (?:\w+ )?help|reach out|professional|"
    r"talk to (?:a|someone)|authorities|law enforcement|licensed)\b",
    "else": r"\b(?:anything|something) else\b|\bis there (?:any|some|another)|\bhappy to help\b|"
    r"\binstead\b|\bother (?:questions?|topics?|requests?)\b|\bfeel free\b",
    "lecture": r"\b(?:it is|it's) (?:\w+ )?(?:important|crucial|essential|vital) to "
    r"(?:\w+ )?(?:remember|note|respect|treat|recogni[sz]e|understand|prioriti[sz]e|consider|be)"
    r"|\b(?:i|we) (?:strongly )?(?:urge|encourage|implore) you\b|\bplease (?:remember|consider)\b",
    "willing": r"^\W*(?:sure|certainly|absolutely|of course|yes|okay|here (?:is|are|'s)|here's|"
    r"i'd be happy|happy to|great|no problem|title\b|step 1)",
    "pivot": r"\b(?:however|that said|but|nevertheless|instead),? (?:\w+ ){0,3}"
    r"(?:here (?:is|are)|here's|i can|below|let me|i'll|one (?:way|could)|based on)"
    r"|\bthat being said\b",
    "list": r"^\W*(?:\d{1,2}[.)]?|step \d+\W?)\s*$|^\s*(?:[-*•]|\d{1,2}\)) ",
    "code": r"```|^\s*(?:def|import|class|#include|function) ",
}
_ABROAD = {
    "es": r"\bno (?:puedo|podemos|podré|debo|me es posible) (?:\w+ ){0,2}(?:ayud|proporcion|"
    r"cumpl|hacer|asist|ofrec|crear|escrib|respond|generar|dar|brind|compartir)\w*"
    r"|\bno (?:estoy autorizad|tengo permitido)",
    "fr": r"\b(?:je ne (?:peux|puis|suis pas en mesure)|je refuse|il m'est impossible)"
    r"(?: pas)?\b",
    "de": r"\b(?:ich|wir) (?:kann|darf|werde|können|möchte) (?:\w+ ){0,6}(?:nicht|keine?n?)\b"
    r"|\bkann ich (?:\w+ ){0,5}(?:nicht|keine?n?)\b",
    "it": r"\bnon (?:posso|sono in grado|mi è possibile|possiamo) (?:di )?\w+",
    "pt": r"\bnão (?:posso|consigo|podemos|me é possível) (?:\w+ ){0,2}(?:ajud|fornec|cri|atend|"
    r"faz|escrev|respond|auxili|oferec|ger)\w*",
    "zh": r"(?:我|本助手)(?:无法|不能|不可以|不会|無法|不便)"
    r"|(?:无法|不能|無法)(?:提供|回答|帮助|协助|满足)",
    "ja": r"(?:お手伝い|お答え|回答|提供|対応|協力|お応え|作成)(?:する(?:こと)?|は|が|も|を)?"
    r"(?:は)?(?:できません|できかねます|いたしかねます|出来ません)|応じられません",
    "ru": r"\bя не (?:могу|буду|стану|в состоянии)\b"
    r"|\bне могу (?:помочь|предоставить|выполнить)",  # noqa: RUF001
    "hi": r"(?:नहीं|मदद नहीं) (?:कर|दे|बता|लिख) ?(?:सकता|सकती|सकते|पाऊंगा)",
    "ar": r"(?:لا (?:أستطيع|يمكنني|استطيع|يمكننا)|لن (?:أ|ن)\w{2,12}|غير قادر على)",
}
_RULES = {
    name: re.compile(rule, re.IGNORECASE)
    for name, rule in {
        **_ENGLISH,
        **{f"cannot-do-{lang}": r for lang, r in _ABROAD.items()},
    }.items()
}
_NEEDS = {
    "not-mine": ("not ", "rather"),
    "refuse": ("declin", "refus", "answer is no", "no", "nope"),
    "against-rules": ("against", "violat", "outside"),
    "request-is-bad": ("request", "question", "topic", "content", "prompt"),
    "not-appropriate": ("not ",),
    "blocked": ("filtered", "blocked", "flagged", "rejected", "disallowed", "was denied"),
    "is-bad": (
        "illegal", "unethical", "immoral", "against the law", "inappropriate", "harmful",
        "dangerous", "unacceptable", "offensive",
    ),
    "sorry": ("sorry", "apolog", "unfortunately", "regret", "afraid"),
    "as-an-ai": ("as a", "just an ai", "i'm a"),
    "purpose": ("my ", "designed"),
    "reach-out": (
        "hotline", "helpline", "crisis line", "seek ", "reach out", "professional", "talk to ",
        "authorities", "law enforcement", "licensed",
    ),
    "else": ("thing else", "is there ", "happy to help", "instead", "other ", "feel free"),
    "lecture": ("it is ", "it's ", " you", "please "),
    "pivot": ("however", "that said", "but", "nevertheless", "instead", "being said"),
    "code": ("def", "import", "class", "#include", "function", "```"),
    "cannot-do-es": ("no ",),
    "cannot-do-fr": ("je ne", "je refuse", "impossible"),
    "cannot-do-de": ("ich ", "wir "),
    "cannot-do-it": ("non ",),
}  # fmt: skip
"""Words of which a text has to hold one, in lower case, for a rule to find anything in it."""
_NOT_ASCII = tuple(f"cannot-do-{language}" for language in ("pt", "zh", "ja", "ru", "hi", "ar"))
_SAY_NO = (
    "cannot-do",
    "cannot-first",
    "not-mine",
    "no-subject",
    "refuse",
    "against-rules",
    "blocked",
)
_QUOTED = re.compile(
    r"[\"\u201c\u00ab\u300c][^\"\u201d\u00bb\u300d\n]{1,400}[\"\u201d\u00bb\u300d]"
)


class Sign(NamedTuple):
    """A phrase that speaks for or against a refusal."""

    rule: str
    start: int
    end: int
    sentence: int
    """The number of its sentence; of the end of a long text, counted on from its beginning."""

    @property
    def says_no(self) -> bool:
        """Whether it alone is a refusal."""
        return self.rule.startswith(_SAY_NO)


class Signs(NamedTuple):
    """What is seen of an answer."""

    text: str
    found: list[Sign]
    sentences: int

    @property
    def noes(self) -> list[Sign]:
        """Those that alone are refusals."""
        return [sign for sign in self.found if sign.says_no]

    def features(self) -> Iterator[str]:
        """What the model weighs."""
        yield f"length:{min(12, len(self.text).bit_length())}"
        for sign in self.found:
            yield f"{_family(sign.rule)}@{_place(sign.sentence, self.sentences)}"
        says_no = any(sign.sentence < 3 for sign in self.noes)
        yield f"no-first:{says_no}:{min(12, len(self.text).bit_length())}"
        yield f"noes:{min(4, len({sign.sentence for sign in self.noes}))}"
        words = _WORD.findall(_straight(self.text[:300]).lower())
        for one, other in pairwise(words):
            yield f"{one} {other}"
        yield from words


def signs_of(text: str) -> Signs:
    """The signs of an answer, in its order; what stands in quotation marks is not its own."""
    straight = _straight(text)
    own = _QUOTED.sub(lambda match: " " * len(match[0]), straight)
    spans = list(_spans(own))
    rules = _of_use(own)
    found = [
        Sign(rule, start + match.start(), start + match.end(), number)
        for number, (start, end) in enumerate(spans)
        for rule, pattern in rules
        if (match := pattern.search(own[start:end]))
    ]
    return Signs(text, sorted(found, key=lambda one: one[1:3]), len(spans))


def _of_use(text: str) -> list[tuple[str, re.Pattern[str]]]:
    """The rules that may find something: a search for a plain word costs a twentieth of a rule."""
    lowered, is_ascii = text.lower(), text.isascii()
    return [
        (rule, pattern)
        for rule, pattern in _RULES.items()
        if not (is_ascii and rule in _NOT_ASCII)
        and (rule not in _NEEDS or any(word in lowered for word in _NEEDS[rule]))
    ]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of the ends of a text."""
    for start, end in _ends(len(text)):
        for match in _SENTENCE.finditer(text, start, end):
            if match[0].strip():
                yield match.start(), match.end()


def _ends(length: int) -> list[tuple[int, int]]:
    if length <= 2 * HEAD:
        return [(0, length)]
    return [(0, HEAD), (length - HEAD, length)]


def _straight(text: str) -> str:
    """With straight apostrophes; of the same length."""
    return text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("`", "'")


def _family(rule: str) -> str:
    """Refusals weigh alike in all languages."""
    return "cannot-do" if rule.startswith("cannot-do") else rule


def _place(sentence: int, of: int) -> str:
    if sentence < 2:
        return str(sentence)
    return "last" if sentence >= of - 2 else "early" if sentence < 5 else "late"
