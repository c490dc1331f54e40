"""The recorded traffic of ../shared, as exchanges: cassettes of vcrpy, a HAR and a nock file."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pytest_litmus.capture.exchange import Chunk, Exchange, Request

WIRE = Path(__file__).parents[3] / "shared" / "data" / "wire"


def is_missing() -> bool:
    return not (WIRE / "selection" / "truth.jsonl").exists()


@cache
def truths() -> tuple[dict[str, Any], ...]:
    """What is expected of each recorded interaction with a model's provider."""
    lines = (WIRE / "selection" / "truth.jsonl").read_text("utf-8").splitlines()
    return tuple(map(json.loads, lines))


def exchange_of(truth: dict[str, Any]) -> Exchange:
    """The recorded exchange."""
    asked, said = _interactions(truth["repo"], truth["file"])[truth["index"]]
    return Exchange(
        request=Request(
            method=asked["method"],
            url=asked["uri"],
            headers=headers_of(asked["headers"]),
            body=_bytes(asked["body"]),
        ),
        status=said["status"],
        headers=headers_of(said["headers"]),
        chunks=(Chunk(0.25, _bytes(said["body"])),),
        duration_s=0.5,
        ended="eof",
        source="recorded",
    )


def unsent(exchange: Exchange) -> Exchange:
    """The exchange as it was before it was sent."""
    return Exchange(request=exchange.request)


@cache
def _interactions(repo: str, file: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    cassette, published = (WIRE / form / repo / file for form in ("selection_vcr", "selection"))
    if cassette.exists():
        read = yaml.load(cassette.read_text("utf-8"), Loader=yaml.CSafeLoader)  # noqa: TID251 - the safe loader, in C
        return [_of_vcr(one) for one in read["interactions"]]
    read = json.loads(published.read_text("utf-8"))
    if isinstance(read, dict):
        return [_of_har(one) for one in read["log"]["entries"]]
    return [_of_nock(one) for one in read]


def _of_vcr(one: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    said = one["response"]
    return one["request"], {
        "status": said["status"]["code"],
        "headers": said["headers"],
        "body": said["body"].get("string"),
    }


def _of_har(one: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    asked, said = one["request"], one["response"]
    return {
        "method": asked["method"],
        "uri": asked["url"],
        "headers": {pair["name"]: pair["value"] for pair in asked["headers"]},
        "body": asked["postData"]["text"],
    }, {
        "status": said["status"],
        "headers": {pair["name"]: pair["value"] for pair in said["headers"]},
        "body": said["content"]["text"],
    }


def _of_nock(one: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    raw = one["rawHeaders"]
    return {
        "method": one["method"],
        "uri": one["scope"] + one["path"],
        "headers": {},
        "body": json.dumps(one["body"]),
    }, {
        "status": one["status"],
        "headers": dict(zip(raw[::2], raw[1::2], strict=True)),
        "body": json.dumps(one["response"]),
    }


def headers_of(headers: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (key, str(one))
        for key, value in headers.items()
        for one in (value if isinstance(value, list) else [value])
    )


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else (body or "").encode()
