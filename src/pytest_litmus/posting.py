"""Posting: a JSON document to an endpoint, and its answer, with the standard library alone."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import EndpointBusy, LitmusError

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_ERROR = 300
"""Characters of what an endpoint says in an error that are told."""
BUSY = (429, 503, 529)
"""What servers answer that could do it later: RFC 6585 section 4, RFC 9110 section 15.6.4, and
Anthropic's overload."""


def post_json(url: str, body: Any, *, api_key_env: str, timeout_s: float) -> Any:
    """Post a document; gives the answer's.

    Args:
        url: The whole address.
        body: What can be written as JSON.
        api_key_env: The environment variable that holds the key, if one is needed.
        timeout_s: Until the answer begins, and between its pieces.

    Raises:
        LitmusError: As of `ask_json`.
    """
    key = os.environ.get(api_key_env, "")
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return ask_json(url, body, headers=headers, timeout_s=timeout_s)


def ask_json(
    url: str, body: Any, *, headers: Mapping[str, str], timeout_s: float, method: str = "POST"
) -> Any:
    """Send a document; gives the answer's.

    Raises:
        EndpointBusy: It asks to come back later.
        LitmusError: The address is none of HTTP, cannot be reached, or answers with an error or
            with no JSON.
    """
    if not url.startswith(("http://", "https://")):
        raise LitmusError(f"the base URL gives {url!r}, which is no http:// or https:// address")
    # Costs 25 ms, which most test runs need not pay.
    import urllib.error
    import urllib.request

    sent = {"content-type": "application/json", **headers}
    request = urllib.request.Request(url, json.dumps(body).encode(), sent, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=timeout_s) as response:  # noqa: S310
            return json.load(response)
    except urllib.error.HTTPError as error:
        said = error.read().decode("utf-8", "replace")[:LONGEST_ERROR]
        told = f"{url} answered {error.code}: {said}"
        if error.code in BUSY:
            raise EndpointBusy(
                told, retry_after_s=_seconds(error.headers["retry-after"])
            ) from error
        raise LitmusError(told) from error
    except (urllib.error.URLError, ValueError, OSError) as error:
        raise LitmusError(f"{url} cannot be asked: {error}") from error


def _seconds(retry_after: str | None) -> float | None:
    """The header's seconds; None where it is a date, or missing."""
    try:
        return max(0.0, float(retry_after or ""))
    except ValueError:
        return None
