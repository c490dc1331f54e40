"""Reading: a suite's file to its cases, or to an error that names every mistake with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pytest_litmus.rating import Plan
from pytest_litmus.suites import located, rows
from pytest_litmus.suites.checking import mistakes_in
from pytest_litmus.suites.expecting import COMPOSED, expectations_of
from pytest_litmus.suites.filling import names_in
from pytest_litmus.suites.fitting import fits_of
from pytest_litmus.suites.language import (
    CANARY,
    PLAIN,
    Case,
    Said,
    Suite,
    Target,
    Tool,
    error_of,
)
from pytest_litmus.suites.located import Document, Mistake
from pytest_litmus.suites.schema import FAMILIES, shipped, with_added
from pytest_litmus.words import hint

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_litmus.suites.expecting import Expectation

ENDINGS = (".llm.yaml", ".llm.yml")
_GIVEN = {CANARY, "injection", "prompt", "run"}
"""Names that are declared in every case."""


class Reader:
    """Reads suites with the attacks and evaluators that there are.

    Args:
        attacks: By name, with their families.
        evaluators: The names that plugins add.
    """

    def __init__(self, attacks: Mapping[str, str], evaluators: Iterable[str] = ()) -> None:
        schema = with_added(shipped(), attacks=attacks, evaluators=evaluators)
        self.attacks = attacks
        self._schema, self._fits = schema, fits_of(schema)
        one = schema["definitions"]["expectation"]["anyOf"][1]["properties"]
        self._required = {name: _required(given) for name, given in one.items()}

    def read(self, path: Path, *, shown: Path | str, root: Path) -> Suite:
        """A suite.

        Args:
            path: The file.
            shown: The path for messages.
            root: The folder outside of which no data file is read.

        Raises:
            SuiteError: It holds mistakes; each has a line.
        """
        try:
            document = located.read(path)
        except Mistake as mistake:
            raise error_of(shown, [mistake]) from mistake
        except OSError as error:
            raise error_of(shown, [Mistake(f"cannot be read: {error.strerror}")]) from error
        return self._suite(document, path, shown, root)

    def read_text(self, text: str, path: Path, *, shown: Path | str, root: Path) -> Suite:
        """As `read`, of what a file would hold.

        Raises:
            SuiteError: As of `read`.
        """
        try:
            return self._suite(located.parse(text), path, shown, root)
        except Mistake as mistake:
            raise error_of(shown, [mistake]) from mistake

    def _suite(self, document: Document, path: Path, shown: Path | str, root: Path) -> Suite:
        if not isinstance(document.value, dict):
            raise error_of(shown, [Mistake("a suite is a mapping with `cases:`", line=1)])
        mistakes = [] if self._fits(document.value) else mistakes_in(document, self._schema)
        if mistakes:
            raise error_of(shown, mistakes)
        return _Reading(self, document, path, shown, root).suite()

    def chosen(self, names: Iterable[Any], *, injects: bool) -> Iterator[str]:
        """The attacks that names stand for, each once, in order.

        Args:
            names: Of attacks and families; a list within is taken for its names.
            injects: Whether the payload stands in data. Of a family, those attacks are left out
                that such a payload cannot take, or that only such a one can.
        """
        unfit = {"adaptive", "conversation" if injects else "carrier"}
        for name in _flat(names):
            if name in (*FAMILIES, "all"):
                yield from (
                    one
                    for one, family in self.attacks.items()
                    if family not in unfit and name in (family, "all")
                )
            else:
                yield name

    def expected(self, entries: Iterable[Any], place: located.Place) -> Iterable[Expectation]:
        """The entries of an `expect:` that the schema has allowed.

        Raises:
            Mistake: An evaluator is named without what it needs.
        """
        for number, entry in enumerate(entries):
            self._refuse_incomplete(entry, (*place, number))
        return expectations_of(entries)

    def _refuse_incomplete(self, entry: Any, place: located.Place) -> None:
        missing = self._required.get(entry, []) if isinstance(entry, str) else []
        if missing:
            needs = "`, `".join(missing)
            told = f"`{entry}` needs `{needs}`: type `{{{entry}: ...}}`"
            raise Mistake(told, place=place)
        if isinstance(entry, dict):
            entry = [value for name, value in entry.items() if name in COMPOSED]
        for one in entry if isinstance(entry, list) else ():
            self._refuse_incomplete(one, place)


class _Reading:
    def __init__(
        self, reader: Reader, document: Document, path: Path, shown: Path | str, root: Path
    ) -> None:
        self._reader, self._document, self._path = reader, document, path
        self._shown, self._root = shown, root
        self._mistakes: list[Mistake] = []
        self._warnings: list[str] = []

    def suite(self) -> Suite:
        given = self._document.value
        stem = self._path.name.removesuffix(".yaml").removesuffix(".yml").removesuffix(".llm")
        name = given.get("suite", stem)
        cases = [self._case(number, one, name) for number, one in enumerate(given["cases"])]
        self._refuse_doubles([case for case in cases if case is not None])
        if self._mistakes:
            raise error_of(self._shown, sorted(self._mistakes, key=lambda one: one.line or 0))
        return Suite(
            name=name,
            path=self._path,
            cases=tuple(case for case in cases if case is not None),
            targets=targets_of(given),
            attacker=target_of(given["attacker"]) if "attacker" in given else None,
            judge=given.get("judge"),
            state=given.get("state"),
            description=given.get("description", ""),
            warnings=tuple(self._warnings),
        )

    def _case(self, number: int, own: Mapping[str, Any], suite: str) -> Case | None:
        given = dict(self._document.value.get("defaults", {})) | dict(own)
        place = ("cases", number)
        try:
            return self._made(given, place, suite)
        except Mistake as mistake:
            line = mistake.line or self._document.line_of(mistake.place or place)
            self._mistakes.append(Mistake(mistake.message, line=line))
            return None

    def _made(self, given: dict[str, Any], place: located.Place, suite: str) -> Case:
        turns = self._turns(given, place)
        data = rows.read(self._path.parent / given["data"], self._root) if "data" in given else ()
        case = Case(
            id=given["id"],
            line=self._document.line_of(place),
            turns=turns,
            system=given.get("system", ""),
            injection=given.get("injection"),
            documents=tuple(given.get("documents", ())),
            tools=tuple(Tool(**one) for one in given.get("tools", ())),
            attacks=tuple(self._attacks(given, place)),
            expect=tuple(self._expected(given.get("expect", ()), (*place, "expect"))),
            benign=given.get("benign", False),
            twin_of=given.get("twin_of"),
            family=given.get("family", suite),
            severity=given.get("severity", "medium"),
            tags=tuple(given.get("tags", ())),
            quarantined=_quarantined(given.get("quarantined", False)),
            maps_to=tuple(given.get("maps_to", ())),
            plan=Plan(
                runs=given.get("runs", 1),
                min_pass_rate=_pass_rate(given),
                confidence=given.get("confidence", 0.95),
            ),
            variables=given.get("variables", {}),
            canaries=(CANARY, *given.get("canaries", ())),
            fixtures=tuple(given.get("fixtures", ())),
            max_turns=given.get("max_turns", 8),
            budget=given.get("budget", {}),
            rows=data,
        )
        self._refuse_empty(case, place)
        self._warn_of_near_names(case, given)
        return case

    def _turns(self, given: Mapping[str, Any], place: located.Place) -> tuple[Said, ...]:
        if "prompt" in given and "turns" in given:
            raise Mistake("a case has a `prompt` or `turns`, not both", place=(*place, "turns"))
        if "prompt" in given:
            return (Said(text=given["prompt"]),)
        turns = tuple(
            self._turn(one, (*place, "turns", number)) for number, one in enumerate(given["turns"])
        )
        if turns[-1].role != "user":
            raise Mistake("the last turn has to be the user's", place=(*place, "turns"))
        for number, (one, following) in enumerate(pairwise(turns)):
            if one.expect and "assistant" in (one.role, following.role):
                told = "its answer is forged: there is nothing to expect of it"
                raise Mistake(told, place=(*place, "turns", number))
        return turns

    def _turn(self, one: Mapping[str, Any], place: located.Place) -> Said:
        if "user" in one and "assistant" in one:
            raise Mistake("a turn is the `user`'s or a forged `assistant`'s, not both", place=place)
        expect = tuple(self._expected(one.get("expect", ()), (*place, "expect")))
        if "assistant" in one:
            return Said(text=one["assistant"], role="assistant", expect=expect)
        return Said(text=one["user"], expect=expect)

    def _attacks(self, given: Mapping[str, Any], place: located.Place) -> Iterator[str]:
        injects = "injection" in given
        if not injects and "attacks" not in given:
            return iter((PLAIN,))
        names = list(
            dict.fromkeys(self._reader.chosen(given.get("attacks", (PLAIN,)), injects=injects))
        )
        if injects:
            turning = [n for n in names if self._reader.attacks.get(n) == "conversation"]
            if turning:
                told = (
                    f"the attack {turning[0]} makes a conversation of a prompt, not of an injection"
                )
                raise Mistake(told, place=(*place, "attacks"))
        asking = [n for n in names if self._reader.attacks.get(n) == "adaptive"]
        if asking and "attacker" not in self._document.value:
            told = f"the attack {asking[0]} asks a model: give the suite `attacker:`"
            raise Mistake(told, place=(*place, "attacks"))
        return iter(names or (PLAIN,))

    def _expected(self, entries: Iterable[Any], place: located.Place) -> Iterable[Any]:
        return self._reader.expected(entries, place)

    def _refuse_empty(self, case: Case, place: located.Place) -> None:
        if not case.expect and not any(turn.expect for turn in case.turns):
            raise Mistake(f"case {case.id} expects nothing: give it `expect:`", place=place)
        if case.injection is not None and "injection" not in _names(case):
            told = (
                f"case {case.id} has an `injection` that nothing holds: put {{injection}} somewhere"
            )
            raise Mistake(told, place=(*place, "injection"))

    def _refuse_doubles(self, cases: list[Case]) -> None:
        first: dict[str, Case] = {}
        for case in cases:
            if case.id in first:
                told = f"the id {case.id} is that of the case in line {first[case.id].line} too"
                self._mistakes.append(Mistake(told, line=case.line))
            first.setdefault(case.id, case)
        for case in cases:
            if case.twin_of is not None and case.twin_of not in first:
                told = f"twin_of: unknown case {case.twin_of}: {hint(case.twin_of, first)}"
                self._mistakes.append(Mistake(told, line=case.line))

    def _warn_of_near_names(self, case: Case, given: Mapping[str, Any]) -> None:
        """A name in braces that is nearly a declared one: it would be sent as it is written."""
        names = names_in(given)
        if not names:
            return
        declared = {*_GIVEN, *case.canaries, *case.variables}
        declared |= {name for row in case.rows[:1] for name in row.values}
        for name in sorted(names - declared):
            near = get_close_matches(name, declared, n=1, cutoff=0.8)
            if near:
                self._warnings.append(
                    f"{self._shown}:{case.line}: {{{name}}} is no declared name and stays as it "
                    f"is: did you mean {{{near[0]}}}?"
                )


def targets_of(given: Mapping[str, Any]) -> dict[str, Target]:
    """The targets that a suite names, by name; the name is empty where there is one."""
    named = {"": given["target"]} if "target" in given else {}
    return {name: target_of(one) for name, one in (named | given.get("targets", {})).items()}


def target_of(given: str | Mapping[str, Any]) -> Target:
    """A target as it is written, in a suite or after `--llm-target`."""
    if isinstance(given, str):
        return Target(kind="function", place=given)
    for kind in ("fixture", "conversation", "endpoint", "http"):
        if kind in given:
            settings = {key: value for key, value in given.items() if key != kind}
            return Target(kind=kind, place=given[kind], settings=settings)
    raise ValueError(f"no target: {given}")


def _quarantined(given: bool | str) -> str:
    if isinstance(given, str):
        return given.strip()
    return "not approved of yet" if given else ""


def _pass_rate(given: Mapping[str, Any]) -> float:
    if "max_attack_success_rate" not in given:
        return float(given.get("min_pass_rate", 1.0))
    if "min_pass_rate" in given:
        raise Mistake("give `min_pass_rate` or `max_attack_success_rate`, not both")
    return 1.0 - float(given["max_attack_success_rate"])


def _names(case: Case) -> set[str]:
    tools = [[tool.returns, tool.error, tool.description] for tool in case.tools]
    texts = [*(turn.text for turn in case.turns), *case.documents, case.system]
    return names_in([*texts, *tools])


def _flat(names: Iterable[Any]) -> Iterator[str]:
    for name in names:
        if isinstance(name, list):
            yield from _flat(name)
        else:
            yield name


def _required(given: Mapping[str, Any]) -> list[str]:
    """What an evaluator's part of the schema requires."""
    named = given.get("anyOf", [given])[0]
    required: list[str] = named.get("required", [])
    return required
