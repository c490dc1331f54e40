"""Row: one SDK in one mode, as a plain function from a prompt to the texts that a program gets."""

from __future__ import annotations

import asyncio
import importlib.util
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    Talk = Callable[[str, str], Iterator[str]] | Callable[[str, str], AsyncIterator[str]]

MODEL = "gpt-4o-mini"
KEY = "loopback-key-0123456789"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table in docs/capture.md, and the parameter of the tests behind it."""

    sdk: str
    transport: str
    """The HTTP library under the SDK: where the capture meets it."""
    is_async: bool
    is_streamed: bool
    talk: Callable[..., Any]
    """`(url, prompt, streamed)` to an iterator over texts; SDKs at their own default settings."""
    needs: tuple[str, ...]
    wire_format: str | None
    """The decoder that turns it into a call; None where the exchange alone is kept."""
    tells_usage: bool
    """Whether this case's answer carries token counts."""
    is_raw: bool
    """The texts are the transport's own pieces, not an SDK's reading of them."""

    @property
    def name(self) -> str:
        return f"{self.sdk}-{self.mode}".replace(", ", "-").replace(" ", "-")

    @property
    def mode(self) -> str:
        how = "async" if self.is_async else "sync"
        return f"{how}, {'stream' if self.is_streamed else 'plain'}"

    @property
    def missing(self) -> str | None:
        """The first package that this row needs and that is not installed."""
        return next((name for name in self.needs if importlib.util.find_spec(name) is None), None)

    def run(self, url: str, prompt: str, each: Callable[[str], object] = str) -> list[str]:
        """Talk to `url` as a program would; `each` is told of every text as it comes."""
        if self.is_async:
            return asyncio.run(self.arun(url, prompt, each))
        return list(_told(self.talk(url, prompt, self.is_streamed), each))

    async def arun(self, url: str, prompt: str, each: Callable[[str], object] = str) -> list[str]:
        """The same inside a running loop."""
        texts = []
        async for text in self.talk(url, prompt, self.is_streamed):
            if text:
                each(text)
                texts.append(text)
        return texts


def _told(texts: Iterator[str], each: Callable[[str], object]) -> Iterator[str]:
    for text in texts:
        if text:
            each(text)
            yield text


def rows_of(
    sdk: str,
    *talks: Callable[..., Any],
    transport: str,
    needs: tuple[str, ...],
    wire_format: str | None = None,
    streamed: tuple[bool, ...] = (False, True),
    is_raw: bool = False,
) -> list[Row]:
    """The rows of one SDK: each function, plain and streamed."""
    return [
        Row(
            sdk=sdk,
            transport=transport,
            is_async=talk.__name__.startswith("async_"),
            is_streamed=is_streamed,
            talk=talk,
            needs=needs,
            wire_format=wire_format,
            # A stream in OpenAI's format tells usage to those who ask: the cases of its own SDK do.
            tells_usage=not (is_streamed and wire_format == "openai.chat" and needs[0] != "openai"),
            is_raw=is_raw,
        )
        for talk in talks
        for is_streamed in streamed
    ]


def each_row(rows: list[Row]) -> pytest.MarkDecorator:
    """Run a test once a row; rows whose SDK is not installed are skipped."""
    return pytest.mark.parametrize("row", rows, ids=[row.name for row in rows], indirect=True)


def say(prompt: str) -> list[dict[str, str]]:
    """The conversation that every chat case sends."""
    return [{"role": "user", "content": prompt}]
