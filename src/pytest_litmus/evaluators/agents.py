"""Agents: what an agent did with its tools, judged from the calls of a test.

All take the recorder (`llm`), a step (`llm.steps["plan"]`), a span of `llm.trace`, a `Call`, or
tool calls one after the other. Of the recorder, calls of a judge are left out, and the tools are in
the order in which models asked for them; of a span, in that of the tree. Tools that one answer asks
for together are in the answer's order. Where no model call was seen, or none that worked, nothing
can be said (`value=None`): a test that captured nothing never proves that a tool was not used.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from pytest_litmus.evaluators.differences import differences
from pytest_litmus.evaluators.tool_failures import failure_of
from pytest_litmus.evaluators.tool_uses import (
    Acted,
    Acts,
    acts_of,
    canonical,
    evidence_of,
    name_of,
    shown,
    told,
)
from pytest_litmus.verdicts import Evidence, Limit, Score, Verdict, decided, plain
from pytest_litmus.wire.calls import Part, ToolUse

Match: TypeAlias = Literal["exact", "subset", "schema"]

_SHOWN = 5
"""Calls that an explanation quotes."""
_CYCLE = 4
"""Calls of the longest cycle that is looked for."""
_NO_STEP = {"embeddings", "moderation", "rerank"}
"""Operations that a model does beside an agent's steps."""


def called(
    acted: Acted, tool: str, *, at_least: float | None = None, at_most: float | None = None
) -> Score | Verdict:
    """How often a tool was asked for; passes from once on, or within the bounds given."""
    acts = acts_of(acted)
    score = _counted("called", acts, acts.of(tool), _calls_of(acts, tool))
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_least=1))


def not_called(acted: Acted, tool: str) -> Score | Verdict:
    """How often a tool was asked for; passes at never. Says so where no call offered the tool."""
    acts = acts_of(acted)
    return _none_of("not_called", acts, acts.of(tool), _calls_of(acts, tool))


def called_with(
    acted: Acted,
    tool: str,
    arguments: Any,
    *,
    match: Match = "exact",
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """How often a tool was asked for with such arguments; passes from once on.

    Numbers are equal whatever their type (20 and 20.0); no arguments are `{}`.

    Args:
        acted: What the agent did.
        tool: The tool's name.
        arguments: What they are; or a JSON Schema, with `match="schema"`.
        match: `subset`: objects may have further keys, lists may not have further items. `schema`:
            they are valid; a schema elsewhere (`$ref` to a URL) is not fetched.
        at_least: The fewest calls with such arguments.
        at_most: The most.
    """
    acts = acts_of(acted)
    judged = [(use, list(_faults(use, arguments, match))) for use in acts.of(tool)]
    fit = [use for use, faults in judged if not faults]
    if fit or not judged:
        score = _counted("called_with", acts, fit, _calls_of(acts, tool))
    else:
        nearest, faults = min(judged, key=lambda one: len(one[1]))
        told_why = f"never called with such arguments; nearest {told(nearest)}: "
        evidence = evidence_of([use for use, _ in judged], nearest=shown(arguments))
        score = Score(
            name="called_with",
            value=0,
            unit="{call}",
            explanation=told_why + "; ".join(faults[:_SHOWN]),
            evidence=evidence,
        )
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_least=1))


def called_in_order(
    acted: Acted,
    tools: Sequence[str],
    *,
    strictly: bool = False,
    at_least: float | None = None,
) -> Score | Verdict:
    """The share of the wanted calls that were made in that order, in [0, 1]; passes at 1.

    Others may come between; `strictly`, those and no more: the share is then of the longer list.
    It is the longest common subsequence of the tools' names, over the number of them.
    """
    from rapidfuzz.distance import LCSseq

    acts, wanted = acts_of(acted), list(tools)
    made = [use.name or "" for use in acts.uses]
    of = max(len(wanted), len(made)) if strictly else len(wanted)
    value = LCSseq.similarity(wanted, made) / of if of else 1.0
    reason = acts.unseen or ("" if wanted or strictly else "no order was given")
    order = " > ".join(map(shown, wanted)) or "nothing"
    score = Score(
        name="called_in_order",
        value=None if reason else value,
        explanation=reason or f"wanted {order}, called {_order(acts.uses)}",
        evidence=evidence_of(acts.uses),
    )
    return decided(score, at_least=at_least, at_most=None, otherwise=Limit(at_least=1))


def tool_f1(
    acted: Acted,
    *,
    expected: Iterable[str | tuple[str, Any] | ToolUse | Part],
    at_least: float | None = None,
) -> Score | Verdict:
    """F1 of the calls against those that were expected, in [0, 1], whatever their order.

    `2 * hits / (calls + expected)`; 1 where none were expected and none were made. An expected call
    is found once for each time that it was made.

    Args:
        acted: What the agent did.
        expected: Names (`"look_up"`), or names with their exact arguments
            (`("refund", {"order_id": "A-1"})`), once for each time.
        at_least: The bar; without it, the score is given.
    """
    acts, wanted = acts_of(acted), [_pair(one) for one in expected]
    rest, missing = _unmatched(acts.uses, wanted)
    hits, made = len(acts.uses) - len(rest), len(acts.uses)
    total = made + len(wanted)
    score = Score(
        name="tool_f1",
        value=None if acts.unseen else 2 * hits / total if total else 1.0,
        explanation=acts.unseen
        or (
            f"precision {_share(hits, made)}, recall {_share(hits, len(wanted))}; "
            f"missing: {_listed(map(told, missing))}; not expected: {_listed(map(told, rest))}"
        ),
        evidence=(*evidence_of(rest), *evidence_of(missing, nearest="(missing)")),
    )
    return decided(score, at_least=at_least, at_most=None)


def steps_within(acted: Acted, *, at_most: int) -> Score | Verdict:
    """How many model calls it took, failed ones included; passes up to `at_most`.

    Embeddings, moderation and reranking are no steps; an SDK's retries are one. None where only
    tool calls were given, or no model call was seen.
    """
    calls = acts_of(acted).calls or ()
    steps = [call for call in calls if call.operation_name not in _NO_STEP]
    asked = [_listed(map(told, acts_of(call).uses)) for call in steps]
    score = Score(
        name="steps_within",
        value=len(steps) or None,
        unit="{call}",
        explanation=f"the steps asked for: {' > '.join(asked[-_SHOWN:])}"
        if steps
        else "no model call was seen",
        evidence=tuple(
            Evidence(rule=shown(call.operation_name), text=text)
            for call, text in zip(steps, asked, strict=True)
        ),
    )
    return decided(score, at_least=None, at_most=at_most)


def free_of_tool_loops(
    acted: Acted, *, except_: Collection[str] = (), at_most: float | None = None
) -> Score | Verdict:
    """How often the same calls came again without progress, in a row; passes up to 2, one retry.

    A cycle of one to four calls with the same arguments and the same results, or failing each time;
    1 where nothing came again, 0 where no tool was used. The bar is a choice: one retry is common,
    two in a row help nobody. Not seen: results that differ in a time or an id, arguments that are
    worded anew.

    Args:
        acted: What the agent did.
        except_: Tools that are left out, such as one that asks whether a job has ended.
        at_most: Another bar.
    """
    acts, waiting = acts_of(acted), _names(except_)
    uses = [use for use in acts.uses if use.name not in waiting]
    loop = _worst_loop(list(_signs(uses)))
    cycle = uses[loop.start : loop.start + loop.length]
    again = loop.times > 1
    score = Score(
        name="free_of_tool_loops",
        value=None if acts.unseen else loop.times,
        unit="{time}",
        explanation=acts.unseen
        or (
            f"{loop.times} times in a row without progress: {_listed(map(told, cycle))}"
            if again
            else "no call came again in a row"
        ),
        evidence=evidence_of(uses[loop.start : loop.start + loop.length * loop.times])
        if again
        else (),
    )
    return decided(score, at_least=None, at_most=at_most, otherwise=Limit(at_most=2))


def tools_succeeded(acted: Acted, *, at_least: float | None = None) -> Score | Verdict:
    """The share of the tools' results that do not say they failed, in [0, 1]; passes at 1.

    What the format marks as failed or not is taken at its word; else the result is read: see
    `tool_failures`. None where no tool was used, or where none failed and one has no result in any
    later request: that one is undecided.
    """
    acts = acts_of(acted)
    answered = [use for use in acts.uses if use.answered]
    failed = [(use, reason) for use in answered if (reason := failure_of(use))]
    silent = [use for use in acts.uses if not use.answered]
    reason = acts.unseen or ("" if acts.uses else "no tool was used")
    if silent and not failed:
        reason = f"no result was seen of {_listed(map(told, silent))}"
    why = (f"{told(use)} {rule}: {shown(use.response)}" for use, rule in failed)
    score = Score(
        name="tools_succeeded",
        value=None if reason else 1 - len(failed) / len(answered),
        explanation=reason or (f"failed: {_listed(why)}" if failed else "none failed"),
        evidence=tuple(
            Evidence(
                rule=name_of(use), text=shown(use.arguments or {}), nearest=shown(use.response)
            )
            for use, _ in failed
        )
        or evidence_of(silent),
    )
    return decided(score, at_least=at_least, at_most=None, otherwise=Limit(at_least=1))


def only_allowed_tools(acted: Acted, allowed: Collection[str]) -> Score | Verdict:
    """How often another tool than those was asked for; passes at never."""
    acts, known = acts_of(acted), _names(allowed)
    others = [use for use in acts.uses if use.name not in known]
    return _none_of("only_allowed_tools", acts, others, f"called {_order(acts.uses)}")


def no_tool_before(acted: Acted, first: str, then: str) -> Score | Verdict:
    """How often `then` was asked for before `first` was; passes at never.

    A `first` that failed does not open the way. Not seen: that one answer asks for both at once, in
    the right order.
    """
    acts = acts_of(acted)
    opened = next(
        (at for at, use in enumerate(acts.uses) if use.name == first and not failure_of(use)),
        len(acts.uses),
    )
    early = [use for use in acts.uses[:opened] if use.name == then]
    return _none_of("no_tool_before", acts, early, f"called {_order(acts.uses)}")


# Scores


def _counted(name: str, acts: Acts, uses: Sequence[ToolUse], explanation: str) -> Score:
    return Score(
        name=name,
        value=None if acts.unseen else len(uses),
        unit="{call}",
        explanation=acts.unseen or explanation,
        evidence=evidence_of(uses),
    )


def _none_of(name: str, acts: Acts, uses: Sequence[ToolUse], explanation: str) -> Score | Verdict:
    found = f"{_listed(map(told, uses))}; {explanation}" if uses else explanation
    score = _counted(name, acts, uses, found)
    return decided(score, at_least=None, at_most=None, otherwise=Limit(at_most=0))


def _calls_of(acts: Acts, tool: str) -> str:
    uses = acts.of(tool)
    if uses:
        return f"called {_listed(map(told, uses))}"
    offered = acts.offered
    unknown = f"; no call offered it, but {_listed(map(shown, sorted(offered)))}"
    return f"called {_order(acts.uses)}{unknown if offered and tool not in offered else ''}"


def _order(uses: Sequence[ToolUse]) -> str:
    return _listed(map(name_of, uses), between=" > ")


def _listed(parts: Iterable[str], *, between: str = ", ") -> str:
    named = list(parts)
    rest = f"{between}{len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
    return between.join(named[:_SHOWN]) + rest if named else "nothing"


def _share(part: int, whole: int) -> str:
    return plain(round(part / whole, 3)) if whole else "of none"


def _names(given: Collection[str]) -> set[str]:
    return {given} if isinstance(given, str) else set(given)


# Arguments


def _faults(use: ToolUse, wanted: Any, match: Match) -> Iterator[str]:
    """What is not as wanted in a use's arguments, a place each."""
    given = {} if use.arguments is None else use.arguments
    if match == "schema":
        yield from _invalid(given, wanted)
    elif match in {"exact", "subset"}:
        for path, one, other in differences(wanted, given, subset=match == "subset"):
            yield f"{shown(path) or 'the arguments'} is {shown(other)}, wanted {shown(one)}"
    else:
        raise ValueError(f"match is 'exact', 'subset' or 'schema', not {match!r}")


def _invalid(given: Any, schema: Mapping[str, Any]) -> Iterator[str]:
    from jsonschema import Draft202012Validator, validators
    from referencing import Registry

    kind = validators.validator_for(schema, default=Draft202012Validator)
    kind.check_schema(dict(schema))
    try:
        for error in kind(schema, registry=Registry()).iter_errors(given):
            yield f"{shown(error.json_path)}: {shown(error.message)}"
    except RecursionError:
        yield "nested too deep to be checked"


# An expected multiset


def _pair(one: str | tuple[str, Any] | ToolUse | Part) -> tuple[str, Any]:
    """An expected call's name and arguments; `...` where any do."""
    if isinstance(one, str):
        return one, ...
    return (one.name or "", one.arguments) if isinstance(one, ToolUse | Part) else one


def _unmatched(
    uses: Sequence[ToolUse], wanted: Sequence[tuple[str, Any]]
) -> tuple[list[ToolUse], list[ToolUse]]:
    """The uses that were not expected, and those that are missing."""
    rest, missing = list(uses), []
    # Those with arguments first: a bare name takes any that is left.
    for name, arguments in sorted(wanted, key=lambda pair: pair[1] is ...):
        fit = (at for at, use in enumerate(rest) if use.name == name and _fits(use, arguments))
        found = next(fit, None)
        if found is None:
            missing.append(ToolUse(name=name, arguments=None if arguments is ... else arguments))
        else:
            del rest[found]
    return rest, missing


def _fits(use: ToolUse, arguments: Any) -> bool:
    return arguments is ... or not any(_faults(use, arguments or {}, "exact"))


# Loops


class _Loop(NamedTuple):
    times: int
    start: int
    length: int


def _signs(uses: Sequence[ToolUse]) -> Iterator[Hashable]:
    """What must be the same of two uses for no progress; an unseen result is as the last one."""
    last: dict[Hashable, Hashable] = {}
    for use in uses:
        asked = (use.name, canonical(use.arguments or {}))
        if use.answered:
            last[asked] = "failed" if failure_of(use) else ("gave", canonical(use.response))
        yield asked, last.get(asked)


def _worst_loop(signs: Sequence[Hashable]) -> _Loop:
    """The cycle that came most often in a row; of several, the shortest."""
    worst = _Loop(min(1, len(signs)), 0, 0)
    for length in range(1, _CYCLE + 1):
        same = 0
        for at in range(length, len(signs)):
            same = same + 1 if signs[at] == signs[at - length] else 0
            times = same // length + 1
            if times > worst.times:
                worst = _Loop(times, at + 1 - times * length, length)
    return worst
