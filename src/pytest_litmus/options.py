"""Options: what the command line, the ini file and the marks say, read and checked."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_litmus import misspelt
from pytest_litmus.declared import BUDGETS, SEVERITIES
from pytest_litmus.errors import LitmusError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_litmus.budgets import Budget, SessionBudget
    from pytest_litmus.endpoint import Endpoint
    from pytest_litmus.purpose import Purpose
    from pytest_litmus.rating import Plan
    from pytest_litmus.wire.calls import Call


NUMBER = pytest.StashKey[int]()
"""Which run of its test an item is, counted from 1."""
_PLAN = ("runs", "min_pass_rate", "confidence")
_NO_LIMITS = ("severity", *_PLAN)
"""What a mark says beside limits."""


class Options:
    """A typed view of pytest's configuration; each value is checked when it is first asked for."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        workerinput: dict[str, Any] | None = getattr(config, "workerinput", None)
        self.is_worker = workerinput is not None
        self.worker = str(workerinput["workerid"]) if workerinput else "master"
        """`master`, or xdist's name of this worker."""
        self._from_controller: dict[str, Any] = (workerinput or {}).get("litmus", {})

    def given(self, name: str) -> Any:
        """An `--llm-*` option by its name without that."""
        return self._config.getoption(f"llm_{name}")

    def ini(self, name: str) -> str:
        """An `llm_*` ini value by its name without that; empty when it is not set."""
        return str(self._config.getini(f"llm_{name}") or "").strip()

    def number(self, name: str) -> float | None:
        """An `llm_*` ini value as a number of 0 or more; None when it is not set.

        Raises:
            pytest.UsageError: It is no such number.
        """
        text = self.ini(name)
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if not 0 <= number < float("inf"):
            raise pytest.UsageError(
                f"{self._inifile}: llm_{name} = {text!r} is no number of 0 or more"
            )
        return number

    @property
    def _inifile(self) -> str:
        return str(self._config.inipath or "ini file")

    def check(self) -> None:
        """Check what can be checked before any test runs.

        Raises:
            pytest.UsageError: A value is misused.
        """
        if self.given("max_cost") is not None:
            self._max_cost()
        self._check_ini()
        if self.given("live") and self.given("record") != "none":
            raise pytest.UsageError(
                f"--llm-live leaves cassettes alone, --llm-record={self.given('record')} writes "
                "them: give one of the two"
            )
        if self.given("record_of") and self.given("record") != "all":
            raise pytest.UsageError(
                f"--llm-record-of={self.given('record_of')} says whose calls are recorded anew: "
                "give --llm-record=all with it"
            )

    def _check_ini(self) -> None:
        misspelt.refuse_ini_values(self._config)
        for name in ("max_age_days", "assumed_output_tokens"):
            self.number(name)
        if any(self.ini(name) for name in BUDGETS):
            _ = self._default_budget
        _ = self.stale_is_warning

    def check_prices(self) -> None:
        """Read the price file, if there is one: before the first test, and only if tests run.

        Raises:
            pytest.UsageError: It cannot be read.
        """
        _ = self._prices

    @property
    def mode(self) -> str:
        """`none`, `once`, `new_episodes`, `all`, or `live`."""
        return "live" if self.given("live") else str(self.given("record"))

    def mode_for(self, purpose: Purpose) -> Any:
        """The mode of the cassette for a purpose: `--llm-record-of` spares the others."""
        spared = self.given("record_of") not in (None, purpose)
        return "new_episodes" if spared else self.mode

    @property
    def seed(self) -> str | None:
        """What canaries are made from; None where each run, and each worker of one, has its own."""
        seed: str | None = self.given("seed")
        return seed

    @cached_property
    def fingerprints(self) -> bool:
        """Whether tests are told apart by what they ask: a report or a comparison keeps it."""
        return bool(self.given("report") or self.given("ab") or self.baseline.is_file())

    @property
    def baseline(self) -> Path:
        """The file that this run is compared with, which need not be there.

        Raises:
            pytest.UsageError: `--llm-baseline` names a file that is not there.
        """
        named = self._from_controller.get("baseline") or self.given("baseline")
        if named:
            path: Path = self._config.invocation_params.dir / named
            if not path.is_file():
                raise pytest.UsageError(
                    f"--llm-baseline={named}: there is no such file; write it with "
                    f"`litmus baseline bless llm-report --file {named}`"
                )
            return path
        return self.known_breaches

    @property
    def known_breaches(self) -> Path:
        """The project's own baseline, whatever a run is compared with; it need not be there."""
        inipath = self._config.inipath
        folder = inipath.parent if inipath else self._config.rootpath
        return folder / (self.ini("baseline") or "llm-baseline.yaml")

    @property
    def concurrency(self) -> int:
        """How many items of a suite are asked at a time.

        Raises:
            pytest.UsageError: It is less than 1.
        """
        number: int = self.given("concurrency")
        if number < 1:
            raise pytest.UsageError(f"--llm-concurrency={number}: type a number of 1 or more")
        return number

    @property
    def observing(self) -> bool:
        """Whether tests that do not use `llm` are watched as well."""
        return bool(self.given("report") or self.given("gate") or self.given("max_cost"))

    @cached_property
    def stale_is_warning(self) -> bool:
        """Whether a stale recording is only told of.

        Raises:
            pytest.UsageError: `llm_stale` is neither `fail` nor `warn`.
        """
        word = self.ini("stale") or "fail"
        if word not in ("fail", "warn"):
            raise pytest.UsageError(f"{self._inifile}: llm_stale = {word!r}: type `fail` or `warn`")
        return word == "warn"

    @cached_property
    def record_hosts(self) -> frozenset[str]:
        """Hosts whose other traffic is recorded too."""
        return frozenset(self._config.getini("llm_record_hosts"))

    @cached_property
    def report_dir(self) -> Path:
        """Where the report goes; the controller's folder, in a worker."""
        given = self._from_controller.get("report_dir")
        here = self._config.invocation_params.dir
        return Path(given) if given else here / self.given("report_dir")

    def for_worker(self, spent: Path | None) -> dict[str, Any]:
        """What an xdist worker must know of its controller.

        Args:
            spent: The file in which all workers write down what they spend; None without a budget.
        """
        return {
            "report_dir": str(self.report_dir),
            "spent": str(spent) if spent else None,
            "baseline": str(self.baseline) if self.given("baseline") else None,
        }

    def wants_content(self, outcome: str) -> bool:
        """Whether the prompts and answers of a test with this outcome go into the report."""
        policy = self.given("report_content") if self.given("report") else "none"
        return policy == "all" or (policy == "failed" and outcome in ("failed", "error"))

    def endpoint(self) -> Endpoint:
        """The endpoint of `llm.ask`."""
        from pytest_litmus.endpoint import Endpoint

        return Endpoint(
            base_url=self.ini("base_url"),
            model=self.ini("model"),
            api_key_env=self.ini("api_key_env") or "OPENAI_API_KEY",
        )

    # Prices and budgets

    @cached_property
    def _prices(self) -> Any:
        named = self.ini("prices")
        if not named:
            return None
        from pytest_litmus.pricing import read_price_file

        inipath = self._config.inipath
        folder = inipath.parent if inipath else self._config.rootpath
        try:
            return read_price_file(folder / named)
        except LitmusError as error:
            raise pytest.UsageError(f"{self._inifile}: llm_prices = {named}: {error}") from error

    def price(self, call: Call) -> Call:
        """A call with its cost by the provider, a hook, the price file, or the public list."""
        from pytest_litmus import pricing
        from pytest_litmus.recorder import with_price

        today = datetime.now(UTC).date()
        priced = pricing.price(call, prices=self._prices, at=today)
        if call.reported_cost_usd is None:
            own = self._config.hook.pytest_llm_price(call=call, at=today)
            if own is not None:
                priced = pricing.Priced(cost_usd=own, cost_source="pytest_llm_price")
        return with_price(call, priced)

    @cached_property
    def session_budget(self) -> SessionBudget | None:
        """The budget of `--llm-max-cost`, this worker's share of it; None without the option."""
        if self.given("max_cost") is None:
            return None
        from pytest_litmus import pricing
        from pytest_litmus.budgets import Ledger, SessionBudget, SharedLedger

        assumed = int(self.number("assumed_output_tokens") or 4096)

        def upper_bound(call: Call) -> pricing.Priced:
            today = datetime.now(UTC).date()
            own = self._config.hook.pytest_llm_price(call=call, at=today)
            if own is not None:
                return pricing.Priced(cost_usd=own, cost_source="pytest_llm_price")
            return pricing.upper_bound(
                call, prices=self._prices, at=today, assumed_output_tokens=assumed
            )

        spent = self._from_controller.get("spent")
        ledger = SharedLedger(Path(spent)) if spent else Ledger()
        return SessionBudget(self._max_cost(), upper_bound=upper_bound, ledger=ledger)

    def _max_cost(self) -> Decimal:
        from pytest_litmus.budgets import max_cost

        try:
            return max_cost(str(self.given("max_cost")))
        except ValueError as error:
            raise pytest.UsageError(str(error)) from error

    @cached_property
    def _default_budget(self) -> Budget:
        from pytest_litmus.budgets import NAMES, budget

        given = {name: self.ini(name) for name in NAMES if self.ini(name)}
        try:
            return budget(given, where=self._inifile, prefix="llm_", for_all=True)
        except ValueError as error:
            raise pytest.UsageError(str(error)) from error

    def budget(self, item: pytest.Item) -> Budget:
        """The budget of a test: its marks, the nearest first, then the ini file.

        Raises:
            pytest.UsageError: A mark is misused; says which word was meant.
        """
        from pytest_litmus.budgets import Budget, budget

        found = Budget()
        for mark in item.iter_markers("llm"):
            where = f"{item.nodeid}: @pytest.mark.llm"
            if mark.args:
                raise pytest.UsageError(
                    f"{where} takes names, not positions: type max_cost_usd={mark.args[0]!r}, "
                    "or whichever limit is meant"
                )
            limits = {k: value for k, value in mark.kwargs.items() if k not in _NO_LIMITS}
            _refuse_severity(mark.kwargs.get("severity", SEVERITIES[0]), where)
            try:
                found = found.over(budget(limits, where=where))
            except ValueError as error:
                raise pytest.UsageError(str(error)) from error
        return found.over(self._default_budget)

    def plan(self, item: pytest.Item) -> Plan | None:
        """How often a test runs, by its nearest mark, or `--llm-runs`; None where that is once.

        Raises:
            pytest.UsageError: A mark is misused; says what to type.
        """
        from pytest_litmus.rating import Plan

        given: dict[str, Any] = {}
        for mark in item.iter_markers("llm"):
            given = {name: mark.kwargs[name] for name in _PLAN if name in mark.kwargs} | given
        asked = self.given("runs")
        if asked is not None:
            given["runs"] = asked
        if not given:
            return None
        _refuse_plan(given, f"{item.nodeid}: @pytest.mark.llm")
        plan = Plan(**given)
        return plan if plan.runs > 1 else None


def _refuse_plan(given: Mapping[str, Any], where: str) -> None:
    runs = given.get("runs")
    if runs is None:
        raise pytest.UsageError(f"{where}({next(iter(given))}=) needs runs=: type runs=20, or so")
    if not isinstance(runs, int) or isinstance(runs, bool) or runs < 1:
        raise pytest.UsageError(f"{where}: runs={runs!r} is no whole number of 1 or more")
    for name, least, most in (("min_pass_rate", 0, 1), ("confidence", 0.5, 0.9999)):
        value = given.get(name, least)
        if (
            isinstance(value, bool)
            or not isinstance(value, (int, float))
            or not least <= value <= most
        ):
            raise pytest.UsageError(f"{where}: {name}={value!r} is not between {least} and {most}")


def _refuse_severity(word: object, where: str) -> None:
    if word not in SEVERITIES:
        from pytest_litmus.words import hint

        nearest = hint(str(word), SEVERITIES)
        raise pytest.UsageError(f"{where}: unknown severity {word!r}: {nearest}")
