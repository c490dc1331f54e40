"""Each carrier, read by a reader of its format: the payload comes out as it was."""

from __future__ import annotations

import ast
import csv
import email
import io
import json
import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
import yaml
from hypothesis import given
from tests.properties.attacking import PRINTED, SEEDS, message, named


class Page(HTMLParser):
    """What of a page is not shown."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.comments: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self.hidden = ""
        self.inside = False
        self.feed(text)
        self.close()

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.attributes |= {f"{tag} {name}": value for name, value in attrs}
        if tag == "meta":
            self.attributes[given.get("name") or ""] = given["content"]
        self.inside = given.get("class") == "sr-note" or "font-size:1px" in str(given.get("style"))

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        self.hidden += data if self.inside else ""


def field(*path: str | int) -> Callable[[str], str]:
    def read(text: str) -> str:
        value = json.loads(text)
        for key in path:
            value = value[key]
        return str(value)

    return read


def title(text: str) -> str:
    (written,) = re.findall('"([^"]*)"', text)
    return unescape(written)


def subject(text: str) -> str:
    written = text.partition("/Subject (")[2].rpartition(")\n   /Producer")[0]
    return re.sub(r"\\(.)", r"\1", written)


def described(text: str) -> str:
    (written,) = re.findall(r"^DESCRIPTION:(.*)$", text, re.MULTILINE)
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], written)


def commented(text: str) -> str:
    ast.parse(text)
    lines = re.findall(r"^    # (.*)$", text, re.MULTILINE)
    return "\n".join(lines)


def german(text: str) -> str | None:
    return ET.fromstring(text).findall(".//seg")[-1].text or ""  # noqa: S314 - ours


def pictured(text: str) -> str | None:
    return ET.fromstring(text).findtext("{http://www.w3.org/2000/svg}desc")  # noqa: S314 - ours


READERS: dict[str, Callable[[str], str | None]] = {
    "html-comment": lambda text: Page(text).comments[0][1:-1],
    "white-text": lambda text: Page(text).hidden,
    "css-hidden": lambda text: Page(text).hidden,
    "image-alt": lambda text: Page(text).attributes["img alt"],
    "meta-description": lambda text: Page(text).attributes["description"],
    "svg-text": pictured,
    "link-title": title,
    "markdown-reference": title,
    "front-matter": lambda text: yaml.safe_load(text.split("\n---\n")[0])["summary"],
    "document-properties": subject,
    "calendar": described,
    "tool-result": field("note"),
    "tool-description": lambda text: field("description")(text).split("<IMPORTANT>\n")[1][:-13],
    "error-message": lambda text: field("error", "message")(text).partition("continue: ")[2],
    "file-name": lambda text: field("entries", 1, "name")(text).removesuffix(".txt"),
    "log-line": lambda text: json.loads(re.findall(r' "-" (".*")$', text, re.MULTILINE)[1]),
    "code-comment": commented,
    "repository-issue": lambda text: field("body")(text).partition("\n\n")[2].rpartition("\n\n")[0],
    "csv-cell": lambda text: list(csv.reader(io.StringIO(text, newline="")))[2][3],
    "search-snippet": field("results", 1, "snippet"),
    "translation-memory": german,
    "image-metadata": field(0, "UserComment"),
    "memory-entry": field("memories", 1, "text"),
}
PLAIN = {"resume", "report-footnote", "rules-file", "product-review", "chat-transcript"}
INDENTED = {"commit-message", "email", "subtitles"}


def test_every_carrier_is_read_here() -> None:
    assert named("carrier") == {*READERS, *PLAIN, *INDENTED}


@pytest.mark.parametrize("name", READERS)
@given(payload=PRINTED, seed=SEEDS)
def test_a_reader_of_the_format_gets_the_payload(name: str, payload: str, seed: int) -> None:
    if name == "html-comment":
        payload = re.sub("--!?>", "", payload)

    assert READERS[name](message(name, payload, seed)) == payload


@pytest.mark.parametrize("name", sorted(PLAIN))
@given(payload=PRINTED, seed=SEEDS)
def test_a_plain_text_has_it_as_it_is(name: str, payload: str, seed: int) -> None:
    assert payload in message(name, payload, seed)


@given(payload=PRINTED, seed=SEEDS)
def test_a_mail_has_it_in_its_body(payload: str, seed: int) -> None:
    mail = email.message_from_string(message("email", payload, seed))

    assert f"\n\n{payload}\n\n" in str(mail.get_payload())
    assert mail["Content-Type"] == "text/plain; charset=utf-8"


@given(payload=PRINTED, seed=SEEDS)
def test_a_commit_message_has_it_indented(payload: str, seed: int) -> None:
    assert payload in re.sub("(?m)^    ", "", message("commit-message", payload, seed))


@given(payload=PRINTED, seed=SEEDS)
def test_subtitles_have_it_on_one_line(payload: str, seed: int) -> None:
    text = message("subtitles", payload, seed)

    line = text.partition("--> 00:00:09,000\n")[2].partition("\n\n3\n")[0]
    assert line == payload.replace("\n", " ")
