"""The user's own prices, from a YAML file."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import PriceFileError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from pytest_litmus.wire.calls import Call, Usage

_MILLION = Decimal(1_000_000)
_AMOUNTS = ("input", "output", "cache_read", "cache_write")
_KEYS = ("provider", "model", *_AMOUNTS, "units")
_NEEDED = ("model", "input", "output")


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A line of a price file, in US dollars per million tokens."""

    model: str
    """A glob."""
    input: Decimal
    output: Decimal
    cache_read: Decimal
    cache_write: Decimal
    provider: str | None = None
    """Exact provider name or host; None for every provider."""
    units: Mapping[str, Decimal] = field(default_factory=dict)
    """US dollars for one of what is billed beside tokens: `search_units`, `web_searches`, ..."""

    def covers(self, call: Call, model: str) -> bool:
        """Whether the line is for this model of this call's provider."""
        ours = self.provider in {None, call.provider_name, call.server_address}
        return ours and fnmatchcase(model.lower(), self.model.lower())

    def unpriced(self, usage: Usage) -> list[str]:
        """What was billed that the line has no price for; a token has the price of its kind."""
        others = [name for name in usage.billed_units if not name.endswith("_tokens")]
        return sorted(set(others) - self.units.keys())

    def cost_usd(self, usage: Usage) -> Decimal:
        """The cost of tokens and other units, of which those are counted that are not None."""
        read = min(usage.cache_read_input_tokens or 0, usage.input_tokens or 0)
        written = min(usage.cache_write_input_tokens or 0, (usage.input_tokens or 0) - read)
        plain = (usage.input_tokens or 0) - read - written
        dear = plain * self.input + read * self.cache_read + written * self.cache_write
        tokens = (dear + (usage.output_tokens or 0) * self.output) / _MILLION
        counted = usage.billed_units
        return tokens + sum(
            (counted.get(name, 0) * amount for name, amount in self.units.items()), Decimal(0)
        )


@dataclass(frozen=True, slots=True)
class PriceFile:
    """A user's own prices; the first line that covers a call counts."""

    prices: tuple[Price, ...] = ()
    path: str = ""

    def price_of(self, call: Call) -> Price | None:
        """The line for a call: by the model that answered, else by the one that was asked for."""
        models = (model for model in (call.response_model, call.request_model) if model)
        lines = ((model, line) for model in models for line in self.prices)
        return next((line for model, line in lines if line.covers(call, model)), None)


def read_price_file(path: Path) -> PriceFile:
    """Read a user's price file.

    Args:
        path: YAML: under `prices`, a list of lines with `model` (a glob), `input` and `output`, and
            if need be `provider`, `cache_read` and `cache_write`, in US dollars per million tokens,
            and `units`: what else is billed, in US dollars for one of each.

    Raises:
        PriceFileError: It cannot be read, or a key or a value in it is wrong; the message names
            file, line and the nearest right word.
    """
    import yaml

    try:
        root = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise PriceFileError(f"{path}: cannot be read as YAML: {error}") from error
    if root is None:
        raise PriceFileError(f"{path}: is empty; it needs the key 'prices'")
    lines = _mapping(path, root, known=("prices",), needed=("prices",))["prices"]
    if not isinstance(lines.value, list) or lines.id != "sequence":
        raise _mistake(path, lines, "'prices' has to be a list")
    return PriceFile(tuple(_price(path, line) for line in lines.value), str(path))


# The nodes that yaml.compose gives, unlike plain values, know their line and the digits as written.
def _price(path: Path, line: Any) -> Price:
    nodes = _mapping(path, line, known=_KEYS, needed=_NEEDED)
    amounts = {name: _amount(path, name, nodes[name]) for name in _AMOUNTS if name in nodes}
    return Price(
        model=_word(path, "model", nodes["model"]),
        provider=_word(path, "provider", nodes["provider"]) if "provider" in nodes else None,
        input=amounts["input"],
        output=amounts["output"],
        cache_read=amounts.get("cache_read", amounts["input"]),
        cache_write=amounts.get("cache_write", amounts["input"]),
        units=_units(path, nodes["units"]) if "units" in nodes else {},
    )


def _units(path: Path, node: Any) -> dict[str, Decimal]:
    if node.id != "mapping":
        raise _mistake(path, node, f"'units' has to name units, not {node.value!r}")
    return {
        str(key.value): _amount(path, key.value, value, per="for one") for key, value in node.value
    }


def _mapping(
    path: Path, node: Any, *, known: Collection[str], needed: Collection[str]
) -> dict[str, Any]:
    if node.id != "mapping":
        raise _mistake(path, node, f"expected the keys {', '.join(known)}, not {node.value!r}")
    found: dict[str, Any] = {}
    for key, value in node.value:
        if key.value not in known:
            raise _mistake(path, key, f"unknown key {key.value!r}{_nearest(key.value, known)}")
        if key.value in found:
            raise _mistake(path, key, f"key {key.value!r} stands twice")
        found[key.value] = value
    if missing := [name for name in needed if name not in found]:
        raise _mistake(path, node, f"missing {' and '.join(map(repr, missing))}")
    return found


def _word(path: Path, name: str, node: Any) -> str:
    if node.id != "scalar" or not node.value:
        raise _mistake(path, node, f"{name!r} has to be a word, not {node.value!r}")
    return str(node.value)


def _amount(path: Path, name: str, node: Any, *, per: str = "per million tokens") -> Decimal:
    """The digits as written: a float in between would change them."""
    try:
        amount = Decimal(node.value if node.id == "scalar" else "")
    except InvalidOperation:
        amount = Decimal("nan")
    if not amount.is_finite() or amount < 0:
        wanted = f"a number from 0 on, in US dollars {per}"
        raise _mistake(path, node, f"{name!r} has to be {wanted}, not {node.value!r}")
    return amount


def _mistake(path: Path, node: Any, what: str) -> PriceFileError:
    return PriceFileError(f"{path}:{node.start_mark.line + 1}: {what}")


def _nearest(word: object, known: Collection[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(str(word), known, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"
