from __future__ import annotations

import time

import pytest

from pytest_litmus.errors import LitmusError
from pytest_litmus.evaluators.language import in_language, known_languages, language
from pytest_litmus.verdicts import Score, Verdict

SENTENCES = {
    "en": "Your parcel left the warehouse this morning and should arrive on Friday.",
    "de": "Ihr Paket hat heute Morgen das Lager verlassen und sollte am Freitag ankommen.",
    "fr": "Votre colis a quitté l'entrepôt ce matin et devrait arriver vendredi.",
    "es": "Su paquete salió del almacén esta mañana y debería llegar el viernes.",
    "it": "Il suo pacco è partito dal magazzino stamattina e dovrebbe arrivare venerdì.",
    "pl": "Państwa paczka opuściła dziś rano magazyn i powinna dotrzeć w piątek.",
    "ru": "Ваша посылка сегодня утром покинула склад и должна прибыть в пятницу.",
    "uk": "Ваша посилка сьогодні вранці залишила склад і має прибути в п'ятницю.",  # noqa: RUF001
    "el": "Το δέμα σας έφυγε σήμερα το πρωί.",  # noqa: RUF001
    "ja": "お荷物は今朝倉庫を出発しました。",
    "zh": "您的包裹今天早上已经离开仓库。",
    "ko": "소포가 오늘 아침 창고를 떠났습니다.",
}


def score_of(text: str) -> Score:
    found = language(text)
    assert isinstance(found, Score)
    return found


def verdict_of(text: str, wanted: str) -> Verdict:
    found = in_language(text, wanted)
    assert isinstance(found, Verdict)
    return found


@pytest.mark.parametrize(("code", "text"), SENTENCES.items())
def test_a_sentence_is_told_by_its_language(code, text):
    score = score_of(text)
    assert score.label == code
    assert score.value is not None
    assert score.value >= 0.9


def test_an_answer_in_another_language_fails_and_says_which():
    verdict = verdict_of(SENTENCES["fr"], "de")
    assert verdict.outcome == "fail"
    assert "reads as 'fr'" in verdict.explanation
    assert "not 'de'" in verdict.explanation
    assert "Votre colis" in verdict.explanation


def test_a_region_is_not_looked_at():
    assert in_language(SENTENCES["de"], "de-AT")
    assert in_language(SENTENCES["zh"], "zh_TW")


def test_code_and_addresses_do_not_count():
    code = "```python\nfor number in numbers:\n    print(number, the_other_thing)\n```"
    assert in_language(f"So zählen Sie die Zahlen richtig auf:\n{code}", "de")


@pytest.mark.parametrize("text", ["", "  \n", "OK", "12.50 €", "```\nonly code here\n```", "\x00"])
def test_what_is_too_short_is_undecided_and_no_pass(text):
    score = score_of(text)
    assert score.value is None
    assert "too short" in score.explanation
    assert verdict_of(text, "en").outcome == "error"


def test_an_unknown_language_is_refused_with_the_known_ones():
    with pytest.raises(LitmusError, match=r"'klingon'.*de, "):
        in_language("Any text at all", "klingon")
    assert {"de", "en", "zh"} <= known_languages()


def test_the_evidence_is_where_it_says():
    text = f"  {SENTENCES['de']}"
    (evidence,) = score_of(text).evidence
    assert text[evidence.start : evidence.end] == evidence.text
    assert evidence.rule == "de"


@pytest.mark.parametrize(
    "piece", ["a", "`", "```", "https://", "@", "a@", " ", "'a", "漢", "\u0301", "é ", "[("]
)
def test_100_kb_of_hostile_text_take_less_than_a_second(piece):
    text = piece * (100_000 // len(piece))
    start = time.process_time()
    language(text)
    assert time.process_time() - start < 3
