"""What models say, rendered by a real Markdown library: shown, and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_litmus.incident.escaping import code, quoted

HOSTILE = (
    "```\nout of the fence\n````\n![x](http://evil.example/x.png)",
    "`` ` ``` <script>alert(1)</script>",
    "[click](javascript:alert(1)) https://evil.example www.evil.example a@evil.example",
    "| a | b |\n|---|---|\n\\| c",
    "\x1b[31mred\x1b[0m \u202eesrever\u202c \u200bzero\r\nline\x0b\x85\u2028end",
    "::error::boo\n   ::add-mask::secret\n##vso[task.complete]",
    "~~~\n# heading\n- item\n\n    code\n> quote\n***bold***\n---",
    "<!-- hidden\n<details open>\n&lt;b&gt; &#124;",
    "`" * 40,
    "`",
    " ",
    "",
)
LETTERS = st.text(alphabet=st.sampled_from("`|\\<>[]()!*_~#&:;- \n\r\tab\x1b\u202e\u2028"))


@pytest.fixture(scope="module")
def rendered():
    markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py comes with rich")
    return markdown_it.MarkdownIt("gfm-like", {"linkify": False}).parse


@pytest.mark.parametrize("text", HOSTILE)
def test_a_quotation_is_one_fenced_block_and_nothing_else(rendered, text):
    assert [token.type for token in rendered(quoted(text))] == ["fence"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_span_is_one_span_in_a_cell_of_a_table_too(rendered, text):
    tokens = rendered(f"| a | b |\n|---|---|\n| {code(text)} | end |\n")

    cells = [token for token in tokens if token.type == "inline"][2:]
    assert len(cells) == 2
    assert cells[1].content == "end"
    kinds = [token.type for token in cells[0].children]
    assert kinds == (["code_inline"] if text.strip() else ["text"])


@settings(max_examples=300, deadline=None)
@given(LETTERS)
def test_no_text_leaves_its_fence_or_its_span(text):
    markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py comes with rich")
    parse = markdown_it.MarkdownIt().parse

    block, span = parse(quoted(text)), parse(f"- {code(text)}: end")

    assert [token.type for token in block] == ["fence"]
    (inline,) = (token for token in span if token.type == "inline")
    assert [token.type for token in inline.children] in (["code_inline", "text"], ["text"])
    assert inline.children[-1].content.endswith(": end")


@pytest.mark.parametrize("text", HOSTILE)
def test_without_a_library_too_the_fence_is_longer_than_what_is_in_it(text):
    first, *body, last = quoted(text).split("\n")

    assert first == f"{last}text"
    assert set(last) == {"`"}
    assert all(line.startswith(">") for line in body)
    assert max(map(len, re.findall("`+", "\n".join(body))), default=0) < len(last)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_moves_a_cursor_or_commands_a_runner(text):
    for told in (code(text), quoted(text)):
        assert all(letter.isprintable() or letter == "\n" for letter in told)
        assert not any(line.lstrip().startswith("::") for line in told.split("\n"))
        assert "##vso[" not in told


def test_what_is_harmless_is_shown_as_it_is():
    assert code("tests/test_a.py::test_b[x-1]") == "`tests/test_a.py::test_b[x-1]`"
    assert quoted("Grüße,\n\nbye") == "```text\n> Grüße,\n>\n> bye\n```"


def test_a_long_text_says_how_much_was_cut():
    assert "9,000 characters cut" in quoted("x" * 10_000, longest=1_000)
    assert "60 lines cut" in quoted("x\n" * 99, lines=40)
