from __future__ import annotations

import types

import pytest

from pytest_litmus.errors import TargetError
from pytest_litmus.suites.language import Target, Tool
from pytest_litmus.suites.reading import target_of
from pytest_litmus.suites.targets import Asked, ask_of, named


def asked(*messages: str, **more) -> Asked:
    history = [{"role": "user", "content": text} for text in messages or ("hi",)]
    return Asked(messages=history, **more)


def ask(function, what: Asked | None = None) -> str:
    return ask_of(Target(kind="fixture", place="f"), fixture=function)(what or asked())


async def of_a_coroutine(prompt):
    return f"a {prompt}"


async def of_an_async_stream(prompt):
    for piece in ("a ", prompt):
        yield piece


def of_a_stream(prompt):
    yield from ("a ", prompt)


@pytest.mark.parametrize(
    "function",
    [
        lambda prompt: f"a {prompt}",
        lambda question, /: f"a {question}",
        lambda q, **more: f"a {q}",
        lambda messages: "a " + messages[-1]["content"],
        of_a_coroutine,
        of_a_stream,
        of_an_async_stream,
        lambda prompt: types.SimpleNamespace(output=f"a {prompt}"),
        lambda prompt: types.SimpleNamespace(content=f"a {prompt}"),
        "a {}".format,
    ],
)
def test_a_function_is_given_the_message_and_gives_a_text_in_whatever_form(function):
    assert ask(function) == "a hi"


def test_an_object_with_a_method_to_ask_is_a_target():
    class Bot:
        def ask(self, message):
            return f"a {message}"

    assert ask(Bot()) == "a hi"


def test_parameters_are_given_what_their_names_say():
    what = asked("hi", system="s", documents=["d"], session="9", tools=[Tool(name="t", returns=3)])

    def answer(prompt, system, documents, session, tools):
        return f"{prompt}{system}{documents}{session}{tools['t'](1)}"

    said = ask(answer, what)

    assert said == "his['d']93"


def test_documents_follow_the_message_where_there_is_no_parameter_for_them():
    said = ask(lambda prompt: prompt, asked("hi", documents=["one", "two"]))

    assert said == (
        'hi\n\n<document index="1">\none\n</document>\n\n<document index="2">\ntwo\n</document>'
    )


@pytest.mark.parametrize(
    "function",
    [
        lambda prompt: prompt,
        lambda messages: messages[-1]["content"],
        lambda prompt, messages: messages[-1]["content"],
    ],
)
def test_no_target_is_asked_without_the_documents_that_it_has_no_parameter_for(function):
    assert '<document index="1">\none\n' in ask(function, asked("hi", documents=["one"]))


def test_a_message_stands_alone_where_the_documents_have_a_parameter():
    said = ask(
        lambda messages, documents: f"{messages[-1]['content']}; {documents}",
        asked("hi", documents=["one"]),
    )

    assert said == "hi; ['one']"


def test_a_stub_that_fails_raises_what_the_suite_says():
    def answer(prompt, tools):
        return tools["t"]()

    with pytest.raises(RuntimeError, match="out of order"):
        ask(answer, asked(tools=[Tool(name="t", error="out of order")]))


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("no_such_module:answer", "cannot be imported.*pythonpath"),
        ("json:lods", "there is no lods: did you mean loads?"),
    ],
)
def test_what_a_target_names_has_to_exist(place, told):
    with pytest.raises(TargetError, match=told):
        ask_of(target_of(place))


def test_a_name_may_lead_to_an_attribute():
    assert named("pytest_litmus.suites.language:Target.kind") is Target.kind


def test_what_cannot_be_called_and_what_takes_nothing_are_no_targets():
    with pytest.raises(TargetError, match="cannot be called"):
        ask(7)
    with pytest.raises(TargetError, match="takes nothing"):
        ask(lambda: "x")


def test_a_header_from_the_environment_has_to_be_set(monkeypatch):
    monkeypatch.delenv("SHOP_TOKEN", raising=False)
    target = target_of(
        {"http": "http://127.0.0.1:1", "body": {}, "headers_env": {"x": "SHOP_TOKEN"}}
    )

    with pytest.raises(TargetError, match="SHOP_TOKEN is not set"):
        ask_of(target)
