from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from typing import get_args
from xml.etree import ElementTree as ET

import pytest
import yaml
from hypothesis import given
from tests.properties.attacking import ANY, PRINTED, SEEDS, attacked, message, named

from pytest_litmus.suites.attack import Family, Turn


@pytest.mark.parametrize("family", get_args(Family))
@given(payload=ANY, seed=SEEDS)
def test_any_text_can_be_put_and_is_put_alike_for_the_same_seed(
    family: str, payload: str, seed: int
) -> None:
    for name in named(family):
        made = attacked(name, payload, seed)

        assert made == attacked(name, payload, seed), name
        if not isinstance(made, str):
            assert [turn for turn in made if not isinstance(turn, Turn)] == [], name
            assert made[-1].role == "user", name


def lines_in_quotes(text: str, start: str) -> list[str]:
    """The string literals of the lines that begin so."""
    found = re.findall(rf"^{start}(\".*\")\)?$", text, re.MULTILINE)
    return [ast.literal_eval(literal) for literal in found]


def the_json(text: str) -> dict[str, object]:
    read: dict[str, object] = json.JSONDecoder().raw_decode(text[text.index("{\n") :])[0]
    return read


def cell(text: str) -> str:
    written = text.partition("\n| 2 | ")[2].removesuffix(" | |").replace("<br>", "\n")
    return re.sub(r"\\(.)", r"\1", written)


def followed(text: str) -> str:
    read = the_json(text)
    nodes = {node["id"]: node for node in read["nodes"]}  # type: ignore[attr-defined]
    words, at = [], read["head"]
    while at is not None:
        words.append(nodes[at]["word"])
        at = nodes[at]["next"]
    return " ".join(words)


def element(tag: str) -> Callable[[str], str | None]:
    return lambda text: ET.fromstring(text[text.index("<") :]).findtext(tag)  # noqa: S314 - ours


def in_brackets(text: str) -> str:
    return "".join(re.findall(r"^Keep part \d of 3 in mind: \[((?s:.)*?)\]$", text, re.MULTILINE))


READ: dict[str, Callable[[str], str | None]] = {
    "payload-split": lambda text: "".join(lines_in_quotes(text, "[abc] = ")),
    "code-completion": lambda text: " ".join(lines_in_quotes(text, r"task\.append\(")),
    "json-document": lambda text: str(the_json(text)["text"]),
    "xml-document": element("instruction"),
    "yaml-document": lambda text: yaml.safe_load(text.partition("\n\n")[2])["pipeline"]["steps"][1][
        "do"
    ],
    "table": cell,
    "linked-list": followed,
    "function-call": lambda text: str(the_json(text)["arguments"]["to"]),  # type: ignore[index]
    "tool-turn": lambda text: str(the_json(text)["next_instruction"]),
    "policy-puppetry": element("current-request"),
    "split-over-turns": in_brackets,
}
APART = {"masked-words", "acrostic", "camouflage"}
VERBATIM = (named("structure") | named("framing") | named("conversation")) - {*READ, *APART}


@given(payload=ANY, seed=SEEDS)
def test_the_payload_stands_there_as_it_is(payload: str, seed: int) -> None:
    assert [name for name in VERBATIM if payload not in message(name, payload, seed)] == []


@pytest.mark.parametrize("name", READ)
@given(payload=PRINTED, seed=SEEDS)
def test_a_reader_of_its_form_gets_the_payload(name: str, payload: str, seed: int) -> None:
    payload = payload.replace("<br>", "").replace("]", ")")

    assert READ[name](message(name, payload, seed)) == payload


@given(payload=PRINTED, seed=SEEDS)
def test_masked_words_can_be_filled_in(payload: str, seed: int) -> None:
    payload = payload.replace("[MASK]", "")
    text = message("masked-words", payload, seed)

    if re.search(r"\w", payload):
        masked, _, told = text.rpartition("\n\n")
        found = re.fullmatch(r"\[MASK\] is word number (\d) of this list: (.*)\.\n.*", told)
        assert found is not None
        word = found[2].split(", ")[int(found[1]) - 1]
        assert masked.replace("[MASK]", word) == payload
    else:
        assert text == payload


@given(payload=PRINTED, seed=SEEDS)
def test_an_acrostic_is_read_from_its_first_characters(payload: str, seed: int) -> None:
    stanzas = message("acrostic", payload, seed).split("\n\n")[1:]

    words = ["".join(line[0] for line in stanza.split("\n") if line) for stanza in stanzas]
    assert " ".join(words) == " ".join(payload.split())


@given(payload=PRINTED)
def test_camouflage_puts_the_payload_into_its_list(payload: str) -> None:
    assert f", {payload.strip() or 'a riddle'}, and" in message("camouflage", payload)
