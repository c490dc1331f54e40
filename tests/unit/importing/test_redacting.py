from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.importing.redacting import Redactor

PERSONAL = {
    "email": "maria.gonzalez-lopez@gmx.de",
    "phone": "+49 170 1234567",
    "iban": "DE89 3704 0044 0532 0130 00",
    "card": "4556 7375 8689 9855",
    "us-ssn": "536-90-4399",
    "ip-address": "91.198.174.192",
    "street-address": "742 Evergreen Terrace",
}
SECRETS = (
    "sk-proj-abcdEFGH1234ijklMNOP5678qrstUVWX",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "postgres://admin:Tr0ub4dor3x@db.internal/prod",
)


@pytest.mark.parametrize(("kind", "value"), PERSONAL.items(), ids=PERSONAL)
def test_personal_data_is_replaced_by_its_type(kind, value):
    redactor = Redactor()

    text = redactor.text(f"Please note: {value}, thanks.")

    assert text == f"Please note: <{kind}>, thanks."
    assert redactor.counts[kind] == 1


@pytest.mark.parametrize("value", SECRETS)
def test_secrets_are_replaced(value):
    text = Redactor().text(f"It says {value} and fails.")

    secret = value.split(":")[-1].partition("@")[0]
    assert secret not in text
    assert text.startswith("It says ")
    assert text.endswith(" and fails.")


def test_a_secret_of_the_environment_is_replaced(monkeypatch):
    monkeypatch.setenv("SHOP_API_TOKEN", "correct-horse-battery-7")
    redactor = Redactor()

    assert redactor.text("I use correct-horse-battery-7.") == "I use [scrubbed]."
    assert redactor.counts["secret"] == 1


def test_documented_examples_are_replaced_too():
    assert Redactor().text("Write to ada@example.com") == "Write to <email>"


def test_ids_of_spans_stay_and_those_that_name_a_user_do_not():
    redactor = Redactor()
    span = "4bf92f3577b34da6a3ce929d0e0e4736"

    assert redactor.id(span) == span
    assert redactor.id("session-maria@gmx.de") == "<email>"
    assert redactor.id("4556737586899855") == "<card>"


@given(
    st.text(st.characters(exclude_categories=("Cs", "Nd"), exclude_characters="@:"), max_size=80)
)
def test_text_without_any_stays_as_it_is(text):
    assert Redactor().text(text) == text


@given(st.text(max_size=60), st.sampled_from(sorted(PERSONAL.values())), st.text(max_size=60))
def test_what_was_redacted_is_left_alone_the_second_time(before, value, after):
    once = Redactor().text(f"{before} {value} {after}")

    assert Redactor().text(once) == once


def test_a_lone_surrogate_becomes_a_letter_that_can_be_written():
    assert Redactor().text("a\ud800b \ud83d\ude00") == "a\ufffdb \U0001f600"
