from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.importing.likeness import alike

QUESTION = "Can I return an opened laptop after three weeks without the box?"


def test_letter_case_blanks_and_a_word_do_not_make_another_text():
    texts = [QUESTION, QUESTION.upper(), f"  {QUESTION}\n", f"{QUESTION} Thx", "Do you open early?"]

    assert alike(texts) == [0, 0, 0, 0, 4]


def test_questions_that_differ_in_what_they_ask_stay_apart():
    texts = ["Can I return a laptop?", "Can I return a phone?", "Can I repair a laptop?"]

    assert alike(texts) == [0, 1, 2]


def test_scripts_without_blanks_are_told_apart_as_well():
    texts = [
        "我可以退回已经打开包装的笔记本电脑吗?",
        "我可以退回已经打开包装的笔记本电脑吗",
        "营业时间?",
    ]

    assert alike(texts) == [0, 0, 2]


def test_the_likeness_that_is_asked_for_decides():
    texts = [QUESTION, QUESTION.replace("three", "four")]

    assert alike(texts, at_least=0.9) == [0, 0]
    assert alike(texts, at_least=1.0) == [0, 1]


@given(st.lists(st.text(max_size=40), max_size=12))
def test_each_group_is_led_by_its_first_text_and_told_the_same_again(texts):
    groups = alike(texts)

    assert all(group <= place and groups[group] == group for place, group in enumerate(groups))
    leaders = sorted(set(groups))
    assert alike([texts[place] for place in leaders]) == list(range(len(leaders)))
    assert alike([*texts, *texts])[len(texts) :] == groups


def test_nearly_all_copies_of_twenty_thousand_are_found():
    random = Random(1)
    words = [f"{a}{b}" for a in "bdfgklmnprst" for b in ("ado", "eri", "ilo", "onu", "uma", "ato")]
    base = [" ".join(random.choices(words, k=14)) for _ in range(2_000)]
    copies = [random.choice(base).replace("a", "o", 2) for _ in range(18_000)]

    groups = alike([*base, *copies])

    found = sum(group < len(base) for group in groups[len(base) :])
    assert found / len(copies) > 0.97
