"""The endpoint: an OpenAI-compatible server that `llm.ask` puts a prompt to."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from pytest_litmus.errors import LitmusError


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where to ask, and which model."""

    base_url: str = ""
    """Such as `http://127.0.0.1:18080/v1`; the ini value `llm_base_url`."""
    model: str = ""
    """The ini value `llm_model`."""
    api_key_env: str = "OPENAI_API_KEY"
    """The environment variable that holds the key; the ini value `llm_api_key_env`."""
    timeout_s: float = 120.0

    def ask(self, prompt: str, *, system: str | None = None, **parameters: Any) -> str:
        """Put a prompt to the endpoint; gives the answer's text.

        Raises:
            LitmusError: No endpoint is configured, it cannot be reached, or it answers with an
                error.
        """
        answer = self._post(self._body(prompt, system, parameters))
        try:
            return str(answer["choices"][0]["message"]["content"] or "")
        except (KeyError, IndexError, TypeError) as error:
            raise LitmusError(
                f"{self.base_url} answered without a choice: {str(answer)[:200]}"
            ) from error

    def with_logprobs(self, prompt: str, **parameters: Any) -> Any:
        """Put a prompt to the endpoint; gives the whole answer, with each token's alternatives.

        It is a judge's `ask`: with the alternatives, one call gives a probability. A judge that is
        drawn by lot would give another verdict at each run, so the temperature is 0.

        Raises:
            LitmusError: As of `ask`.
        """
        wanted = {"temperature": 0, "logprobs": True, "top_logprobs": 10}
        return self._post(self._body(prompt, None, wanted | parameters))

    def _body(self, prompt: str, system: str | None, parameters: dict[str, Any]) -> dict[str, Any]:
        model = parameters.pop("model", self.model)
        if not self.base_url or not model:
            raise LitmusError(
                "llm.ask needs an endpoint and a model: set both in the ini file, such as\n"
                "  llm_base_url = http://127.0.0.1:8080/v1\n"
                "  llm_model = qwen2.5"
            )
        first = [{"role": "system", "content": system}] if system else []
        messages = [*first, {"role": "user", "content": prompt}]
        return {"model": model, "messages": messages, **parameters}

    def _post(self, body: dict[str, Any]) -> Any:
        url = self.base_url.rstrip("/") + "/chat/completions"
        if not url.startswith(("http://", "https://")):
            raise LitmusError(f"llm_base_url = {self.base_url!r} is no http:// or https:// address")
        key = os.environ.get(self.api_key_env, "")
        headers = {"content-type": "application/json"} | (
            {"authorization": f"Bearer {key}"} if key else {}
        )
        request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=self.timeout_s) as response:  # noqa: S310
                return json.load(response)
        except urllib.error.HTTPError as error:
            said = error.read().decode("utf-8", "replace")[:300]
            raise LitmusError(f"{url} answered {error.code}: {said}") from error
        except (urllib.error.URLError, ValueError, OSError) as error:
            raise LitmusError(f"{url} cannot be asked: {error}") from error
