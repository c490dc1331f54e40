"""Calls: one model operation, whatever the provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pytest_litmus.wire import otel

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from pytest_litmus.purpose import Purpose

_SPOKEN = {"text", "reasoning"}
_UNKNOWN = "unknown"
# What the message schema wants of a part, and what stands where the provider does not say it.
_NEEDED: dict[str, dict[str, Any]] = {
    "tool_call": {"name": ""},
    "tool_call_response": {"response": None},
    "server_tool_call": {"name": ""},
    "blob": {"modality": _UNKNOWN, "content": ""},
    "file": {"modality": _UNKNOWN, "file_id": ""},
    "uri": {"modality": _UNKNOWN, "uri": ""},
}
# What a provider's own tool was asked, and what it answered, stand in an object with a type.
_SERVED = {"server_tool_call": "arguments", "server_tool_call_response": "response"}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a message, by the OpenTelemetry GenAI message schema.

    `type` is one of its names: `text`, `reasoning`, `tool_call`, `tool_call_response`,
    `server_tool_call`, `server_tool_call_response`, `blob`, `file`, `uri`, or another that a
    provider sends. Fields that a type does not have are None.
    """

    type: str
    content: str | None = None
    """The text of `text` and `reasoning`, empty and not None where the provider keeps it to itself;
    base64 of a `blob`; the refusal of `refusal`."""
    id: str | None = None
    """Of a tool call, or of the call a response answers."""
    name: str | None = None
    arguments: Any = None
    """Of a tool call: parsed JSON, or the text as sent where it is no JSON."""
    response: Any = None
    """Of a tool response: parsed JSON, or text."""
    is_error: bool | None = None
    """Of a tool response: whether it says that the tool failed; None where it does not say."""
    mime_type: str | None = None
    modality: str | None = None
    uri: str | None = None
    file_id: str | None = None

    def __post_init__(self) -> None:
        if self.content is None and self.type in _SPOKEN:
            object.__setattr__(self, "content", "")

    def as_dict(self) -> dict[str, Any]:
        """The part as the schema writes it: of the fields that are None, those that it needs."""
        fields = ((name, getattr(self, name)) for name in self.__slots__)
        known = {name: value for name, value in fields if value is not None}
        written = {"type": self.type, **_NEEDED.get(self.type, {}), **known}
        if inner := _SERVED.get(self.type):
            named = {"type": self.name or _UNKNOWN, inner: written.pop(inner, None)}
            written[self.type] = named
        return written

    @classmethod
    def from_dict(cls, written: Mapping[str, Any]) -> Part:
        """What `as_dict` wrote."""
        fields = dict(written)
        if inner := _SERVED.get(fields["type"]):
            fields[inner] = fields.pop(fields["type"])[inner]
        for name, empty in _NEEDED.get(fields["type"], {}).items():
            if fields[name] == empty:
                fields[name] = None
        return cls(**fields)


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a conversation."""

    role: str
    parts: tuple[Part, ...] = ()
    name: str | None = None

    @property
    def text(self) -> str:
        """The text parts joined without a separator; reasoning and tool calls are left out."""
        return "".join(part.content or "" for part in self.parts if part.type == "text")

    def as_dict(self) -> dict[str, Any]:
        """The message as the OpenTelemetry GenAI schema writes it."""
        named = {"name": self.name} if self.name else {}
        return {"role": self.role, "parts": [part.as_dict() for part in self.parts], **named}

    @classmethod
    def from_dict(cls, written: Mapping[str, Any]) -> Message:
        """What `as_dict` wrote."""
        parts = tuple(Part.from_dict(part) for part in written["parts"])
        return cls(written["role"], parts, written.get("name"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens as the provider counted them. None means not reported, never none used."""

    input_tokens: int | None = None
    """All input tokens, cached and cache-written ones included."""
    output_tokens: int | None = None
    """All output tokens, reasoning included."""
    cache_read_input_tokens: int | None = None
    cache_write_input_tokens: int | None = None
    reasoning_output_tokens: int | None = None
    billed_units: Mapping[str, int] = field(default_factory=dict)
    """Further counts that a price may depend on, by their genai-prices names: `input_audio_tokens`,
    `cache_write_1h_tokens`, `web_searches`, ... Only those above zero."""
    incomplete: str | None = None
    """Why the counts leave billed tokens out, when they do; such a call has no known price."""

    @property
    def total_tokens(self) -> int | None:
        """Input and output together; None when either is not known."""
        if self.input_tokens is None or self.output_tokens is None:
            return None
        return self.input_tokens + self.output_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """What a filter or a moderation model of the provider found in the input or the output."""

    category: str
    """As the provider spells it: `hate`, `jailbreak`, `HARM_CATEGORY_HARASSMENT`, `pii`, ..."""
    subject: Literal["input", "output"]
    flagged: bool
    """Whether the provider itself says that it is there: detected, filtered, blocked or flagged."""
    severity: str | None = None
    """The provider's word: `safe`, `low`, `HIGH`, ..."""
    score: float | None = None
    """The provider's number, in [0, 1]; None where it gives none."""

    def as_dict(self) -> dict[str, Any]:
        """The flag without the fields that are None."""
        fields = ((name, getattr(self, name)) for name in self.__slots__)
        return {name: value for name, value in fields if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolUse:
    """A tool that a model asked for, or that its provider ran, and what the tool returned."""

    name: str | None
    id: str | None = None
    """As the provider names this use; some name none."""
    arguments: Any = None
    """Parsed JSON, or the text as sent where it is no JSON."""
    where: Literal["program", "server"] = "program"
    """Whether the program under test had to run it, or the provider did."""
    answered: bool = False
    """Whether what it returned is known: it stands in a later request, or in the answer itself."""
    response: Any = None
    """What it returned, parsed JSON or text; None too where that is not known."""
    is_error: bool | None = None
    """Whether the result says that the tool failed; None where it does not say."""
    request_id: str | None = None
    """The call to an MCP server that ran it, by its id; None where none was seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One HTTP try of a call: SDKs retry by themselves."""

    status: int | None
    error_type: str | None
    started_at: datetime | None
    duration_s: float | None


@dataclass(frozen=True, kw_only=True)
class Call:
    """One model operation. Names follow the OpenTelemetry GenAI conventions without the prefix.

    A decoder fills the upper half from one exchange; the recorder adds the lower half.
    """

    operation_name: str
    """`chat`, `text_completion`, `embeddings`, ...: the conventions' word where they have one."""
    provider_name: str
    """`openai`, `anthropic`, `gcp.gemini`, ...: the conventions' word where they have one; an
    unknown server is named by its host and port."""
    served_by: str | None = None
    """Who worked for the provider where that is a router (Hugging Face, OpenRouter), as the router
    names it; None where it does not say."""
    wire_format: str
    """The decoder that read it: `openai.chat`, `anthropic.messages`, ..."""
    runs_model: bool = True
    """False for a request that only counts, lists, stores or sets up: it is recorded and replayed
    like the others, and is neither among a test's calls nor in any total."""
    poll_of: str | None = None
    """For a request that asks how far a call has come that was made before: the `response_id` of
    that call, or one of its `handles`. The recorder makes one call of both."""
    handles: tuple[str, ...] = ()
    """Names beside `response_id` by which later requests ask for this answer, such as a URL."""
    request_model: str | None = None
    response_model: str | None = None
    response_id: str | None = None
    system_fingerprint: str | None = None
    service_tier: str | None = None
    """`default`, `flex`, `priority`, `batch`, `fast`, ...: as the response names it, else as the
    request asked; it changes the price."""
    system_instructions: tuple[Part, ...] = ()
    input_messages: tuple[Message, ...] = ()
    output_messages: tuple[Message, ...] = ()
    """One message a choice."""
    tool_definitions: tuple[Mapping[str, Any], ...] = ()
    """By the conventions: each has a `type` and a `name`, and a function its `parameters`; what
    they have no name for keeps the provider's."""
    finish_reasons: tuple[str, ...] = ()
    """As the provider spells them, one a choice: `stop`, `length`, `tool_calls`, `end_turn`."""
    flags: tuple[Flag, ...] = ()
    """What the provider's own filters and moderation say, also where they find nothing."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """`temperature`, `top_p`, `max_tokens`, `seed`, `choice_count`, `stop_sequences`, ... by the
    conventions' names, as far as the request sets them."""
    streamed: bool = False
    usage: Usage = Usage()
    reported_cost_usd: Decimal | None = None
    """What the provider itself says the call cost (OpenRouter, LiteLLM); None when it does not."""
    embedding_dimensions: int | None = None
    embedding_count: int | None = None
    time_to_first_chunk_s: float | None = None
    """Seconds from sending to the first event with content (text, reasoning, tool call); None
    unless streamed."""
    server_times_s: Mapping[str, float] = field(default_factory=dict)
    """Seconds as the provider itself timed the call, by its own names without their units:
    `total_duration` (Ollama), `queue_time` (Groq), `latency` (Bedrock), ..."""
    error_type: str | None = None
    """The provider's error code or type (`rate_limit_error`), else the HTTP status as text, else
    the class of the transport's exception; None when the call succeeded."""
    error_message: str | None = None
    status: int | None = None
    """HTTP status of the last attempt; None when no response came."""
    started_at: datetime | None = None
    duration_s: float | None = None
    """Seconds the model worked, over all attempts, without the waits between them; None while the
    answer is still coming."""
    source: Literal["live", "recorded"] = "live"
    ended: str = "eof"
    """How the last response body ended; see `capture.exchange.Ended`."""
    server_address: str = ""
    server_port: int | None = None

    id: str = ""
    """Unique in a run."""
    tool_uses: tuple[ToolUse, ...] = ()
    """The tools that the model asked for or its provider ran, each with what it returned, as far
    as later requests show it. A request to an MCP server has the one that it runs."""
    attempts: tuple[Attempt, ...] = ()
    cost_usd: Decimal | None = None
    """US dollars; None when no price is known."""
    cost_source: str | None = None
    """Where the cost comes from: `provider`, `price file`, `genai-prices VERSION`; or None."""
    cost_note: str | None = None
    """Why there is no cost, when there is none."""
    step: str | None = None
    """The innermost step in which it was made."""
    step_path: tuple[str, ...] = ()
    """All steps around it, outermost first; one that was entered again is `NAME#2`, `NAME#3`."""
    thread: str | None = None
    """Name of the thread that made it."""
    task: str | None = None
    """Name of the asyncio task that made it; None outside of an event loop."""
    polls: int = 0
    """How often the program asked how far it had come."""
    user_id: str | None = None
    session_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    purpose: Purpose = "subject"

    @property
    def output_text(self) -> str:
        """The text of the first choice; empty where it has none."""
        return self.output_messages[0].text if self.output_messages else ""

    @property
    def input_text(self) -> str:
        """The text of the last user message; empty where there is none."""
        users = (
            message.text for message in reversed(self.input_messages) if message.role == "user"
        )
        return next(users, "")

    @property
    def tool_calls(self) -> tuple[Part, ...]:
        """The tool calls that the model asked for, over all choices."""
        return tuple(
            part
            for message in self.output_messages
            for part in message.parts
            if part.type == "tool_call"
        )

    @property
    def output_tokens_per_s(self) -> float | None:
        """Output tokens a second of the call's duration; None when either is not known."""
        if not self.usage.output_tokens or not self.duration_s:
            return None
        return self.usage.output_tokens / self.duration_s

    def attributes(self) -> dict[str, Any]:
        """What is known of the call, by its OpenTelemetry names.

        Content is left out: see `content_attributes`.
        """
        return otel.attributes_of(self)

    def content_attributes(self) -> dict[str, Any]:
        """What was said, by its OpenTelemetry names; the message schema's JSON shapes."""
        return otel.content_of(self)
