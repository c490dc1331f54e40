"""Suite run: what the suites of a pytest run share, read from its options and hooks."""

from __future__ import annotations

import sys
import uuid
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pytest

from pytest_litmus.errors import LitmusError, SuiteError
from pytest_litmus.suite_ahead import Ahead, patient
from pytest_litmus.suites import attacks
from pytest_litmus.suites.attempt import Means
from pytest_litmus.suites.expecting import Evaluator, evaluators_of
from pytest_litmus.suites.known import Known, KnownBreaches
from pytest_litmus.suites.language import PLAIN, Suite, Target, Variant
from pytest_litmus.suites.reading import Reader, target_of
from pytest_litmus.suites.targets import ask_of, named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pytest_litmus.case import Case
    from pytest_litmus.options import Options
    from pytest_litmus.recorder import Recorder
    from pytest_litmus.suites.attack import Adaptive, Attack
    from pytest_litmus.suites.targets import Ask


SECOND = "b"
"""The name of the target that `--llm-ab` adds."""


class SuiteRun:
    """Made when the first suite is collected."""

    def __init__(
        self,
        config: pytest.Config,
        options: Options,
        case: Callable[[pytest.Item], Case | None],
        alike: Callable[[pytest.Item, Case], Case],
    ) -> None:
        self.config, self.options, self.case, self.alike = config, options, case, alike
        self.ahead = Ahead(options.concurrency)
        self._early: dict[str, Case] = {}
        """Cases that were opened before pytest came to their items."""
        self.seed = options.seed or uuid.uuid4().hex[:12]
        """What the canaries of this run are made from, unless a cassette has its own."""

    def read(self, path: Path, *, shown: str) -> Suite:
        """A suite's file.

        Raises:
            SuiteError: It holds mistakes.
        """
        root = self.config.rootpath
        within = root if path.resolve().is_relative_to(root.resolve()) else path.parent
        suite = self._reader.read(path, shown=shown, root=within)
        if not suite.targets and self._target is None:
            raise SuiteError(
                f"{shown}:1: no target: give the suite `target: module:function`, or type "
                "--llm-target=module:function"
            )
        self._refuse_more_than_two(suite, shown)
        return suite

    def _refuse_more_than_two(self, suite: Suite, shown: str) -> None:
        """`--llm-ab` compares two: one of a suite's two by name, or another beside its only one."""
        second = self.options.given("ab")
        if second is None or len(self.targets(suite)) == 2:
            return
        names = ", ".join(name or "one without a name" for name in suite.targets)
        raise SuiteError(
            f"{shown}:1: --llm-ab={second} compares two targets, and the suite has {names}: give "
            "it the name of one of two, or a second one beside one"
        )

    @cached_property
    def _reader(self) -> Reader:
        families = {name: one.family for name, one in self.attacks.items()}
        return Reader(families, self.evaluators)

    @cached_property
    def attacks(self) -> Mapping[str, Attack | Adaptive]:
        """All attacks by name: a plugin's wins over ours."""
        if not self.config.pluginmanager.is_registered(attacks):
            self.config.pluginmanager.register(attacks, "litmus-attacks")
        found = [one for ones in self.config.hook.pytest_llm_attacks() for one in ones]
        return {one.name: one for one in reversed(found)}

    @cached_property
    def evaluators(self) -> Mapping[str, Evaluator]:
        """Those that plugins add.

        Raises:
            pytest.UsageError: One of them does not look at an answer or at calls.
        """
        added = [one for ones in self.config.hook.pytest_llm_evaluators() for one in ones]
        try:
            return evaluators_of(added)
        except SuiteError as error:
            raise pytest.UsageError(str(error)) from error

    @cached_property
    def known(self) -> KnownBreaches:
        """The breaches that the project's baseline lists, and that of `--llm-baseline`.

        Raises:
            pytest.UsageError: It cannot be read.
        """
        options = self.options
        entries: dict[str, Known] = {}
        try:
            for path in dict.fromkeys((options.known_breaches, options.baseline)):
                entries.update(KnownBreaches.read(path).entries)
        except LitmusError as error:
            raise pytest.UsageError(str(error)) from error
        return KnownBreaches(entries=entries)

    @cached_property
    def _target(self) -> Target | None:
        """The target of `--llm-target`."""
        given = self.options.given("target")
        return None if given is None else self._typed("target", given)

    def _typed(self, option: str, given: str) -> Target:
        """A target as the command line names it."""
        if given.startswith(("http://", "https://")):
            model = self.options.ini("model")
            if not model:
                raise pytest.UsageError(
                    f"--llm-{option}={given}: set llm_model in the ini file too"
                )
            return target_of({"endpoint": given, "model": model})
        if ":" not in given:
            return Target(kind="fixture", place=given)
        return target_of(given)

    def targets(self, suite: Suite) -> Mapping[str, Target]:
        """What a suite is run against.

        Beside `--llm-suite`, `--llm-target` is what the suites that it names attack: those of the
        project keep their own.
        """
        keeps = bool(self.options.given("suite") and suite.targets)
        own = suite.targets if keeps or self._target is None else {"": self._target}
        second = self.options.given("ab")
        if second is None or second in own:
            return own
        return {**own, SECOND: self._typed("ab", second)}

    def fixtures(self, suite: Suite, variant: Variant) -> tuple[str, ...]:
        """The fixtures that an item needs beside `llm`."""
        target = self.targets(suite)[variant.target]
        own = (target.place,) if target.kind == "fixture" else ()
        return (*variant.case.fixtures, *own)

    def means(
        self, suite: Suite, variant: Variant, values: Mapping[str, Any], recorder: Recorder
    ) -> Means:
        """What an item runs with.

        Args:
            suite: Its suite.
            variant: Itself.
            values: Of its fixtures.
            recorder: Its own.

        Raises:
            TargetError: The target, the judge or the state cannot be found.
        """
        target = self.targets(suite)[variant.target]
        self._make_importable()

        def in_turn(ask: Ask) -> Ask:
            return patient(ask, self.ahead.gate, recorder)

        return Means(
            ask=lambda: in_turn(ask_of(target, fixture=values.get(target.place))),
            attack=None if variant.attack == PLAIN else self.attacks[variant.attack],
            attacker=in_turn(ask_of(suite.attacker)) if suite.attacker else None,
            judge=named(suite.judge) if suite.judge else None,
            state=named(suite.state) if suite.state else None,
            evaluators=self.evaluators,
        )

    # Ahead of pytest

    @property
    def runs_ahead(self) -> bool:
        """Whether items are asked several at a time; a replay does not wait, xdist has workers."""
        options = self.options
        return options.mode != "none" and not options.is_worker and options.concurrency > 1

    def opened_ahead(self, item: pytest.Item, first: Case) -> Case:
        """The case of an item before its turn, with the settings of one that runs.

        Raises:
            CassetteError: Its cassette cannot be read.
        """
        case = self.alike(item, first)
        case.open()
        self._early[item.nodeid] = case
        return case

    def forget(self, item: pytest.Item) -> None:
        """An item is over."""
        self._early.pop(item.nodeid, None)

    def stop(self) -> None:
        """Ask no more; keep what was answered, should pytest not have come to its item."""
        self.ahead.stop()
        while self._early:  # a job that runs may open one more meanwhile
            _, case = self._early.popitem()
            if not case.recorder.capture.closed:
                case.outcomes.setdefault("setup", "passed")
                case.close(clean=case.complete)

    def _make_importable(self) -> None:
        """The project's root, behind all else: `app:answer` is meant to be found without more."""
        root = str(self.config.rootpath)
        if root not in sys.path:
            sys.path.append(root)
