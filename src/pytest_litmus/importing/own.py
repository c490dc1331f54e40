"""Own: what a failed item of a suite asked, and what the suite expects of it.

It is the case as `litmus freeze` writes it: with the attack in it, and its canaries as names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import SuiteError
from pytest_litmus.suites import located
from pytest_litmus.suites.freezing import frozen
from pytest_litmus.suites.reading import ENDINGS
from pytest_litmus.suites.shipped import shipped_suites

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_litmus.suites.reading import Reader

_SHIPPED = "llm-suites"
"""Where the items of suites that ship with us seem to lie."""
_NEEDED = ("judge", "state")
"""What a suite has for all its cases, and theirs may rest on."""


@dataclass(slots=True)
class Suites:
    """The suites at hand, each read once.

    Args:
        root: The project's folder: a report may name any file, and others are not looked at.
        reader: Of suites.
    """

    root: Path
    reader: Reader
    _read: dict[str, tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=dict)

    def case(self, test: Mapping[str, Any]) -> dict[str, Any] | None:
        """The case that a test of a report ran; None where its suite is not at hand any more."""
        finding = test["finding"]
        if finding is None:
            return None
        _, cases = self._suite(test["file"])
        names = [part for part in (finding["attack"], finding["row"]) if part and part != "plain"]
        told = "-".join(names) or "plain"
        found: dict[str, Any] | None = cases.get(f"{finding['case']}--{told}")
        return found or (None if names else cases.get(finding["case"]))

    def needs(self, test: Mapping[str, Any]) -> dict[str, Any]:
        """What the suite of such a case has beside its cases: a judge, a state."""
        return self._suite(test["file"])[0]

    def _suite(self, file: str) -> tuple[dict[str, Any], dict[str, Any]]:
        if file not in self._read:
            self._read[file] = self._frozen(file)
        return self._read[file]

    def _frozen(self, file: str) -> tuple[dict[str, Any], dict[str, Any]]:
        path = self._path(file)
        if path is None:
            return {}, {}
        try:
            suite = self.reader.read(path, shown=file, root=path.parent)
            document = located.parse(frozen(suite)[0]).value
        except (SuiteError, located.Mistake):
            return {}, {}  # what was said is there all the same
        defaults = document.get("defaults", {})
        needs = {name: document[name] for name in _NEEDED if name in document}
        return needs, {case["id"]: _alone(case, defaults) for case in document["cases"]}

    def _path(self, file: str) -> Path | None:
        folder, _, name = file.rpartition("/")
        if folder == _SHIPPED and not (self.root / file).is_file():
            return shipped_suites().get(name.partition(".llm.")[0])
        path = (self.root / file).resolve()
        inside = path.is_relative_to(self.root.resolve()) and path.name.endswith(ENDINGS)
        return path if inside and path.is_file() else None


def _alone(case: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """A case with what its suite says for all, and without its twin, which does not come along."""
    whole = {**case, **{key: value for key, value in defaults.items() if key not in case}}
    return {key: value for key, value in whole.items() if key != "twin_of"}
