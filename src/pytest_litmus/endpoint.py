"""The endpoint: an OpenAI-compatible server that `llm.ask` puts a prompt to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import LitmusError
from pytest_litmus.posting import post_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


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
        first = [{"role": "system", "content": system}] if system else []
        message = self.answer([*first, {"role": "user", "content": prompt}], **parameters)
        return str(message.get("content") or "")

    def answer(self, messages: Sequence[Mapping[str, Any]], **parameters: Any) -> dict[str, Any]:
        """Put a conversation to the endpoint; gives the message of the first choice.

        Args:
            messages: As OpenAI's chat completions have them.
            parameters: Further fields of the request.

        Raises:
            LitmusError: As of `ask`.
        """
        answer = self._post(self._body(messages, parameters))
        try:
            return dict(answer["choices"][0]["message"])
        except (KeyError, IndexError, TypeError, ValueError) as error:
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
        messages = [{"role": "user", "content": prompt}]
        return self._post(self._body(messages, wanted | parameters))

    def _body(
        self, messages: Sequence[Mapping[str, Any]], parameters: dict[str, Any]
    ) -> dict[str, Any]:
        model = parameters.pop("model", self.model)
        if not self.base_url or not model:
            raise LitmusError(
                "llm.ask needs an endpoint and a model: set both in the ini file, such as\n"
                "  llm_base_url = http://127.0.0.1:8080/v1\n"
                "  llm_model = qwen2.5"
            )
        return {"model": model, "messages": list(messages), **parameters}

    def _post(self, body: dict[str, Any]) -> Any:
        url = self.base_url.rstrip("/") + "/chat/completions"
        return post_json(url, body, api_key_env=self.api_key_env, timeout_s=self.timeout_s)
