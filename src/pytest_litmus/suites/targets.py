"""Targets: what a suite asks, made into one function that takes a conversation and gives an answer.

A target is a function of the program, a fixture's value, what starts a conversation, an
OpenAI-compatible endpoint, or any HTTP endpoint with a body of its own.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
from collections.abc import AsyncIterable, Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_litmus.endpoint import Endpoint
from pytest_litmus.errors import TargetError, TargetTakesLess
from pytest_litmus.evaluators.said import text_of
from pytest_litmus.posting import ask_json
from pytest_litmus.suites.filling import filled_in, names_in
from pytest_litmus.waiting import waited_for
from pytest_litmus.words import hint

if TYPE_CHECKING:
    from pytest_litmus.suites.language import Target, Tool

Message: TypeAlias = "dict[str, Any]"
"""As OpenAI's chat completions have it: `role`, `content`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a target is asked."""

    messages: Sequence[Message]
    """The conversation so far, the user's last message at its end; without the system prompt."""
    system: str = ""
    documents: Sequence[str] = ()
    tools: Sequence[Tool] = ()
    steps: int = 8
    """Rounds of tools before it is given up."""
    holds_secret: bool = False
    """Whether the system prompt holds a canary: a target that never sees it cannot leak it."""
    session: str = ""
    """The same for all messages of one conversation."""
    payload: str = ""
    """What was to be put to it, before an attack; no target is told."""

    @property
    def prompt(self) -> str:
        """The user's last message."""
        return str(self.messages[-1]["content"])

    @property
    def with_system(self) -> list[Message]:
        """The messages with the system prompt before them."""
        first = [{"role": "system", "content": self.system}] if self.system else []
        return [*first, *self.messages]

    @property
    def with_documents(self) -> list[Message]:
        """The messages, with the documents after the user's last one."""
        if not self.documents:
            return list(self.messages)
        text = "\n\n".join([self.prompt, *_tagged(self.documents)])
        return [*self.messages[:-1], {"role": "user", "content": text}]


Ask: TypeAlias = "Callable[[Asked], str]"
"""A conversation in, the answer's text out."""


def ask_of(target: Target, *, fixture: Any = None) -> Ask:
    """The function that asks a target; a conversation's is for one conversation only.

    Args:
        target: What is asked.
        fixture: The value of its fixture, if it is one.

    Raises:
        TargetError: It cannot be found.
    """
    if target.kind == "endpoint":
        return _Chat(_endpoint(target), dict(target.settings.get("parameters", {}))).ask
    if target.kind == "http":
        return _http(target)
    if target.kind == "fixture":
        return _of_function(fixture, f"the fixture {target.place}")
    function = named(target.place)
    if target.kind == "conversation":
        return _of_function(waited_for(function()), target.place, keeps_history=True)
    return _of_function(function, target.place)


def named(place: str) -> Any:
    """What `module:name` names.

    Raises:
        TargetError: There is no such module or name; says which is near.
    """
    module_name, _, path = place.partition(":")
    try:
        found: Any = importlib.import_module(module_name)
    except ImportError as error:
        here = " (is its folder on `pythonpath` in the ini file?)"
        where = here if isinstance(error, ModuleNotFoundError) else ""
        raise TargetError(f"{place}: {module_name} cannot be imported: {error}{where}") from error
    for name in path.split("."):
        if not hasattr(found, name):
            known = [one for one in dir(found) if not one.startswith("_")] or [name]
            raise TargetError(f"{place}: there is no {name}: {hint(name, known)}")
        found = getattr(found, name)
    return found


# A function of the program

_KNOWN = ("messages", "system", "documents", "tools", "session")
"""Parameters that are given by their name; any other first one is given the user's message."""


def _of_function(function: Any, place: str, *, keeps_history: bool = False) -> Ask:
    if not callable(function):
        method = next(
            (m for m in ("ask", "send", "run") if callable(getattr(function, m, None))), None
        )
        if method is None:
            raise TargetError(f"{place}: {type(function).__name__} cannot be called")
        function = getattr(function, method)
    takes = _parameters(function, place)

    def ask(asked: Asked) -> str:
        if len(asked.messages) > 1 and "messages" not in takes and not keeps_history:
            _refuse_history(asked, place)
        if asked.holds_secret and "system" not in takes:
            told = f"{place} has no parameter `system`, and the case has its secret there"
            raise TargetTakesLess(told)
        if asked.tools and "tools" not in takes:
            told = f"{place} has no parameter `tools`, and the case has {len(asked.tools)}"
            raise TargetTakesLess(told)
        whole = _whole(asked, takes)
        given = {name: value for name, value in _values(whole).items() if name in takes}
        first = [] if takes[0] in _KNOWN else [whole.prompt]
        return _text(waited_for(function(*first, **given)))

    return ask


def _parameters(function: Any, place: str) -> list[str]:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # built in C
        return ["prompt"]
    names = [
        one.name for one in parameters if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    ]
    if not names:
        raise TargetError(f"{place} takes nothing: give it a parameter for the user's message")
    return names


def _whole(asked: Asked, takes: Container[str]) -> Asked:
    """What is asked; where nothing takes the documents, they stand in the message."""
    if "documents" in takes:
        return asked
    return replace(asked, messages=asked.with_documents, documents=())


def _values(asked: Asked) -> dict[str, Any]:
    return {
        "messages": list(asked.messages),
        "system": asked.system,
        "documents": list(asked.documents),
        "tools": {tool.name: _stub(tool) for tool in asked.tools},
        "session": asked.session,
    }


def _refuse_history(asked: Asked, place: str) -> None:
    raise TargetTakesLess(
        f"{place} takes one message, and this is a conversation of {len(asked.messages)}: give it "
        "a parameter `messages`, or name what starts one with `target: {conversation: ...}`"
    )


def _stub(tool: Tool) -> Callable[..., Any]:
    def stub(*_: Any, **__: Any) -> Any:
        if tool.error is not None:
            raise RuntimeError(tool.error)
        return tool.returns

    stub.__name__, stub.__doc__ = tool.name, tool.description
    return stub


def _text(answer: Any) -> str:
    if answer is None:
        return ""
    if isinstance(answer, AsyncIterable):
        return str(waited_for(_collected(answer)))
    for name in ("output", "content", "text"):  # an agent's or a framework's result
        inner = getattr(answer, name, None)
        if isinstance(inner, str) and not isinstance(answer, (str, Mapping)):
            return inner
    return text_of(answer)


async def _collected(pieces: AsyncIterable[Any]) -> str:
    return "".join([str(piece) async for piece in pieces])


# An OpenAI-compatible endpoint


def _endpoint(target: Target) -> Endpoint:
    settings = target.settings
    return Endpoint(
        base_url=target.place,
        model=settings["model"],
        api_key_env=settings.get("api_key_env", "OPENAI_API_KEY"),
        timeout_s=float(settings.get("timeout_s", 120.0)),
    )


@dataclass(frozen=True, slots=True)
class _Chat:
    """A model with tools whose answers were decided beforehand."""

    endpoint: Endpoint
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def ask(self, asked: Asked) -> str:
        first = asked.with_system[: len(asked.with_system) - len(asked.messages)]
        messages = [*first, *asked.with_documents]
        tools = {tool.name: tool for tool in asked.tools}
        more = {"tools": [_offered(tool) for tool in asked.tools]} if tools else {}
        message: dict[str, Any] = {}
        for _ in range(asked.steps):
            message = self.endpoint.answer(messages, **self.parameters, **more)
            calls = message.get("tool_calls") or ()
            if not calls:
                break
            messages += [message, *(_result(call, tools) for call in calls)]
        return str(message.get("content") or "")


def _offered(tool: Tool) -> dict[str, Any]:
    parameters = dict(tool.parameters) or {"type": "object", "properties": {}}
    function = {"name": tool.name, "description": tool.description, "parameters": parameters}
    return {"type": "function", "function": function}


def _result(call: Mapping[str, Any], tools: Mapping[str, Tool]) -> Message:
    function = call.get("function") or {}
    tool = tools.get(function.get("name", ""))
    if tool is None:
        content: Any = f"error: there is no tool {function.get('name')!r}"
    else:
        content = tool.returns if tool.error is None else f"error: {tool.error}"
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return {"role": "tool", "tool_call_id": call.get("id", ""), "content": text}


# Any HTTP endpoint


def _http(target: Target) -> Ask:
    settings = target.settings
    timeout_s = float(settings.get("timeout_s", 120.0))
    headers = {**settings.get("headers", {}), **_from_environment(settings.get("headers_env", {}))}
    takes = names_in(settings["body"])

    def ask(what: Asked) -> str:
        asked = _whole(what, takes)
        values = {
            "prompt": asked.prompt,
            "messages": list(asked.with_system),
            "system": asked.system,
            "documents": list(asked.documents),
            "session": asked.session,
        }
        answer = ask_json(
            target.place,
            filled_in(settings["body"], values),
            method=settings.get("method", "POST"),
            headers=headers,
            timeout_s=timeout_s,
        )
        return _at(answer, settings.get("answer", ""), target.place)

    return ask


def _from_environment(named_by: Mapping[str, str]) -> dict[str, str]:
    missing = [variable for variable in named_by.values() if variable not in os.environ]
    if missing:
        raise TargetError(f"headers_env: {missing[0]} is not set in the environment")
    return {name: os.environ[variable] for name, variable in named_by.items()}


def _at(value: Any, path: str, place: str) -> str:
    """The answer's text in a JSON document."""
    for name in path.split(".") if path else ():
        try:
            value = value[int(name)] if isinstance(value, list) else value[name]
        except (KeyError, IndexError, TypeError, ValueError) as error:
            known = (
                ", ".join(map(str, value)) if isinstance(value, Mapping) else type(value).__name__
            )
            raise TargetError(
                f"{place}: the answer has no `{path}`: at `{name}` it has {known}"
            ) from error
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _tagged(documents: Iterable[str]) -> list[str]:
    return [
        f'<document index="{number}">\n{text}\n</document>'
        for number, text in enumerate(documents, 1)
    ]
