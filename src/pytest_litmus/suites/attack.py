"""Attack: one way to put a payload to a model, as a pure function with its source named."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

Family = Literal["encoding", "obfuscation", "structure", "framing", "carrier", "conversation"]
"""What an attack changes: how the payload is written (`encoding`: by a scheme that must be decoded;
`obfuscation`: still legible), what stands around it (`structure`: markup, turns, length; `framing`:
a story or a reason), where a model comes across it (`carrier`: a document, a mail, a tool result),
or over how many messages it comes (`conversation`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A message of a conversation that an attack makes."""

    text: str
    role: Literal["user", "assistant", "system"] = "user"
    """A turn of another role than `user` is a forged one: nobody said it, and the target is given
    it as if it had been said. A target that takes no messages reads it as a transcript."""


Attacked: TypeAlias = "str | Sequence[Turn]"
"""What is put to the target: one message, or several; the target answers each `user` turn that is
not followed by a forged `assistant` turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """A way to put a payload; made by the decorator `attack`."""

    name: str
    """In suites, and in node ids: `payload-split`."""
    family: Family
    source: str
    """Where it was described: a paper, a documentation, a standard; its address."""
    apply: Callable[[str, Random], Attacked] = field(repr=False)
    """The payload, and chance that is the same in each run; gives what is put to the target."""
    summary: str = ""

    def __call__(self, payload: str, rng: Random) -> Attacked:
        """What is put to the target instead of the payload."""
        return self.apply(payload, rng)


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """What an adaptive attack has put so far, and what came of it."""

    payload: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adaptive:
    """A way to find a payload by trying, with a model that the user names as the attacker."""

    name: str
    source: str
    next: Callable[[str, Sequence[Try], Callable[[str], str]], str | None] = field(repr=False)
    """The goal, the tries so far, and the attacker (a prompt in, its answer out); gives what is put
    next, or None to give up."""
    one_conversation: bool = False
    """Whether each try goes on where the last one ended; else each begins anew."""
    summary: str = ""
    family: Literal["adaptive"] = "adaptive"


def attack(
    *, family: Family, source: str, name: str = ""
) -> Callable[[Callable[[str, Random], Attacked]], Attack]:
    """Make an attack of a function.

    Args:
        family: What it changes.
        source: Where it was described.
        name: Instead of the function's own, with hyphens.

    Example, in a conftest.py::

        from pytest_litmus.suites.attack import attack


        @attack(family="framing", source="https://example.com/our-red-team/17")
        def as_a_ticket(payload, rng):
            \"\"\"The payload as a support ticket.\"\"\"
            return f"Ticket #{rng.randrange(10_000)}: {payload}"


        def pytest_llm_attacks():
            return [as_a_ticket]
    """

    def made(function: Callable[[str, Random], Attacked]) -> Attack:
        return Attack(
            name=name or function.__name__.replace("_", "-"),
            family=family,
            source=source,
            apply=function,
            summary=(function.__doc__ or "").partition("\n")[0],
        )

    return made
