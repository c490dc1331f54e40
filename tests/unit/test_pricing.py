"""What calls cost, and why some cost is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Context, Decimal, Inexact, localcontext
from typing import TYPE_CHECKING, Any

import pytest

from pytest_litmus import pricing
from pytest_litmus.errors import PriceFileError
from pytest_litmus.pricing import Priced, PriceFile, price, read_price_file, upper_bound
from pytest_litmus.wire.calls import Call, Message, Part, Usage

if TYPE_CHECKING:
    from pathlib import Path

AT = date(2026, 8, 1)
LOCAL = "127.0.0.1:18080"
MILLION = Usage(input_tokens=1_000_000, output_tokens=1_000_000)


def call(**fields: Any) -> Call:
    named = {"operation_name": "chat", "provider_name": "openai", "wire_format": "openai.chat"}
    return Call(**{**named, "request_model": "gpt-4o", "usage": MILLION, **fields})


def local(**fields: Any) -> Call:
    return call(provider_name=LOCAL, server_address="127.0.0.1", **fields)


def prices(tmp_path: Path, text: str) -> PriceFile:
    path = tmp_path / "prices.yaml"
    path.write_text(text, "utf-8")
    return read_price_file(path)


def line(tmp_path: Path, **fields: Any) -> PriceFile:
    full = {"model": "'*'", "input": 1, "output": 2, **fields}
    keys = "\n    ".join(f"{key}: {value}" for key, value in full.items())
    return prices(tmp_path, f"prices:\n  - {keys}\n")


def cost(priced: Priced) -> Decimal:
    assert priced.cost_usd is not None, priced.cost_note
    return priced.cost_usd


def test_the_provider_s_own_word_wins_over_the_price_file(tmp_path: Path) -> None:
    reported = call(reported_cost_usd=Decimal("0.5"))

    priced = price(reported, prices=line(tmp_path), at=AT)

    assert priced == Priced(cost_usd=Decimal("0.5"), cost_source="provider")


def test_the_price_file_wins_over_the_public_list(tmp_path: Path) -> None:
    priced = price(call(), prices=line(tmp_path), at=AT)

    assert priced == Priced(cost_usd=Decimal(3), cost_source="price file")


def test_the_public_list_is_named_with_its_version() -> None:
    from importlib.metadata import version

    priced = price(call(), prices=None, at=AT)

    assert cost(priced) == Decimal("12.5")
    assert priced.cost_source == f"genai-prices {version('genai-prices')}"


def test_cached_tokens_cost_less_by_the_public_list() -> None:
    usage = Usage(input_tokens=1_000_000, output_tokens=0, cache_read_input_tokens=1_000_000)

    assert cost(price(call(usage=usage), prices=None, at=AT)) == Decimal("1.25")


def test_searches_are_billed_and_unknown_where_they_have_no_price() -> None:
    usage = Usage(input_tokens=0, output_tokens=0, billed_units={"web_searches": 1000})
    groq = call(usage=usage, provider_name="groq", request_model="llama-3.3-70b-versatile")

    assert cost(price(call(usage=usage), prices=None, at=AT)) == Decimal(10)
    assert price(groq, prices=None, at=AT).cost_usd is None


def used(**units: int) -> Usage:
    return Usage(billed_units=units)


@pytest.mark.parametrize(
    ("model", "usage", "dollars"),
    [
        ("whisper-1", used(audio_seconds=3600), Decimal("0.36")),
        ("tts-1", used(characters=1_000_000), Decimal(15)),
        ("tts-1", used(input_characters=1_000_000), Decimal(15)),
    ],
)
def test_what_is_billed_without_tokens_has_its_price(
    model: str, usage: Usage, dollars: Decimal
) -> None:
    assert cost(price(call(request_model=model, usage=usage), prices=None, at=AT)) == dollars


@pytest.mark.parametrize(
    ("model", "usage"),
    [
        # No list knows the unit, or what one of it costs.
        ("gpt-4o", used(images=1)),
        ("gpt-4o", Usage(input_tokens=9, output_tokens=9, billed_units={"images": 1})),
        ("gpt-4o", used(search_units=1)),
        ("gpt-4o", Usage(input_tokens=9, output_tokens=9, billed_units={"audio_seconds": 5})),
        ("gpt-4o", Usage(input_tokens=9, output_tokens=9, billed_units={"hologram_tokens": 5})),
        # The model is billed by tokens, of which nobody knows how many they were.
        ("gpt-4o-mini-tts", used(characters=9)),
        ("gpt-4o-transcribe", used(audio_seconds=9)),
    ],
)
def test_what_the_list_cannot_price_is_unknown_and_not_left_out(model: str, usage: Usage) -> None:
    priced = price(call(request_model=model, usage=usage), prices=None, at=AT)

    assert priced == Priced(cost_note=f"no price for model {model} of provider openai")


def test_audio_tokens_have_a_price_of_their_own() -> None:
    usage = Usage(
        input_tokens=1_000_000,
        output_tokens=0,
        billed_units={"input_audio_tokens": 1_000_000},
    )
    heard = call(provider_name="gcp.gemini", request_model="gemini-2.0-flash", usage=usage)
    read = call(provider_name="gcp.gemini", request_model="gemini-2.0-flash", usage=MILLION)

    assert cost(price(heard, prices=None, at=AT)) == Decimal("0.7")
    assert cost(price(read, prices=None, at=AT)) == Decimal("0.5")


def test_openai_s_moderation_is_free_and_not_unknown() -> None:
    moderated = call(operation_name="moderation", usage=Usage())

    priced = price(moderated, prices=None, at=AT)

    assert priced == Priced(cost_usd=Decimal(0), cost_source="free of charge")


@pytest.mark.parametrize("operation_name", ["rerank", "image_generation", "moderation", "speech"])
def test_operations_of_which_nothing_is_counted_are_unknown(operation_name: str) -> None:
    silent = call(operation_name=operation_name, provider_name="mistral_ai", usage=Usage())

    assert price(silent, prices=None, at=AT) == Priced(cost_note="no usage reported")


def test_a_request_without_a_model_has_no_price(tmp_path: Path) -> None:
    counting = call(runs_model=False, reported_cost_usd=Decimal(1))

    assert price(counting, prices=line(tmp_path), at=AT) == Priced(cost_note="no model ran")


BEDROCK = "anthropic.claude-sonnet-4-5-20250929-v1:0"
PROFILE = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/"


@pytest.mark.parametrize(
    ("provider_name", "request_model", "response_model", "dollars"),
    [
        ("aws.bedrock", BEDROCK, None, "19.8"),
        ("aws.bedrock", f"us.{BEDROCK}", None, "19.8"),
        ("aws.bedrock", f"eu.{BEDROCK}", None, "19.8"),
        ("aws.bedrock", f"global.{BEDROCK}", None, "18"),
        # The answer leaves out where the model worked.
        ("aws.bedrock", f"global.{BEDROCK}", "claude-sonnet-4-5-20250929", "18"),
        ("aws.bedrock", f"{PROFILE}us.{BEDROCK}", None, "19.8"),
        ("aws.bedrock", f"{PROFILE}global.{BEDROCK}", None, "18"),
        ("aws.bedrock", f"arn:aws:bedrock:us-east-1::foundation-model/{BEDROCK}", None, "19.8"),
        ("aws.bedrock", "us.amazon.nova-micro-v1:0", None, "0.175"),
        (
            "aws.bedrock",
            "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2",
            "claude-sonnet-4-5-20250929",
            "19.8",
        ),
        ("gcp.gemini", "models/gemini-2.0-flash", None, "0.5"),
        ("gcp.gemini", None, "models/gemini-2.0-flash", "0.5"),
        ("gcp.vertex_ai", "publishers/google/models/gemini-2.0-flash", None, "0.5"),
        ("gcp.vertex_ai", "google/gemini-2.0-flash", None, "0.5"),
        ("gcp.vertex_ai", "claude-3-haiku@20240307", None, "1.5"),
        ("azure.ai.openai", "my-deployment", "gpt-4o-2024-08-06", "12.5"),
        ("azure.ai.openai", "gpt-4o", None, "12.5"),
        ("groq", "llama-3.3-70b-versatile", None, "1.38"),
        ("openrouter", "openai/gpt-4o", None, "12.5"),
        ("x_ai", "grok-4", None, "18"),
        ("mistral_ai", "mistral-embed", None, "0.2"),
        ("cohere", "command-r-08-2024", None, "0.75"),
        ("moonshot_ai", "kimi-k2-0905-preview", None, "3.1"),
        ("zai", "glm-4.7", None, "2.8"),
        ("cerebras", "llama-3.3-70b", None, None),
        ("voyageai", "voyage-3", None, "0.06"),
        ("minimax", "MiniMax-M2", None, "1.5"),
        ("cloudflare", "@cf/meta/llama-3.1-8b-instruct", None, "1.109"),
    ],
)
def test_providers_and_their_names_of_models_are_found_in_the_list(
    provider_name: str, request_model: str | None, response_model: str | None, dollars: str | None
) -> None:
    usage = Usage(input_tokens=1_000_000, output_tokens=1_000_000)
    named = {"request_model": request_model, "response_model": response_model}

    priced = price(call(provider_name=provider_name, usage=usage, **named), prices=None, at=AT)

    assert dollars is None or cost(priced) == Decimal(dollars)
    assert priced.cost_usd is not None


@pytest.mark.parametrize(
    ("provider_name", "request_model", "response_model"),
    [
        # A deployment that is called like another model than the one that answers.
        ("azure.ai.openai", "gpt-4o", "a-model-of-next-year"),
        ("azure.ai.openai", "my-deployment", None),
        ("aws.bedrock", f"{PROFILE.replace('inference', 'application-inference')}a1b2", None),
        ("aws.bedrock", "arn:aws:bedrock:us-east-1:123456789012:provisioned-model/a1b2", None),
        ("cloudflare", "openai/gpt-4o", None),
        ("huggingface", "Qwen/Qwen3-32B", None),
        ("ibm.watsonx.ai", "gpt-4o", None),
        ("replicate", "gpt-4o", None),
    ],
)
def test_a_name_that_does_not_tell_the_price_has_none(
    provider_name: str, request_model: str, response_model: str | None
) -> None:
    named = {"request_model": request_model, "response_model": response_model}

    assert price(call(provider_name=provider_name, **named), prices=None, at=AT).cost_usd is None


def test_behind_hugging_face_s_router_the_price_is_that_of_who_serves() -> None:
    routed = {"provider_name": "huggingface", "request_model": "Qwen/Qwen3-32B"}

    assert cost(price(call(served_by="nebius", **routed), prices=None, at=AT)) == Decimal("0.4")
    assert price(call(served_by="nobody", **routed), prices=None, at=AT).cost_usd is None


def test_every_provider_of_the_table_is_in_the_list() -> None:
    from genai_prices.data import providers

    assert set(pricing._PUBLIC_NAMES.values()) <= {provider.id for provider in providers}


def test_a_price_list_that_fails_ends_no_test(monkeypatch: pytest.MonkeyPatch) -> None:
    import genai_prices

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("moved")

    monkeypatch.setattr(genai_prices, "calc_price", broken)

    priced = price(call(), prices=None, at=AT)

    note = "no price for model gpt-4o of provider openai: RuntimeError: moved"
    assert priced == Priced(cost_note=note)


def test_a_program_s_own_decimal_context_ends_no_test(tmp_path: Path) -> None:
    third = Usage(input_tokens=1, output_tokens=0)

    with localcontext(Context(prec=2, traps=[Inexact])):
        priced = price(local(usage=third), prices=line(tmp_path, input="0.123456"), at=AT)

    assert priced.cost_usd is None
    assert "Inexact" in (priced.cost_note or "")


@pytest.mark.parametrize(
    ("service_tier", "factor"),
    [("flex", Decimal("0.5")), ("batch", Decimal("0.5")), ("priority", 2), ("on_demand", 1)],
)
def test_a_service_tier_changes_the_price(service_tier: str, factor: Decimal | int) -> None:
    since = date(2026, 11, 1)
    usual = cost(price(call(request_model="gpt-5.2"), prices=None, at=since))

    tiered = call(request_model="gpt-5.2", service_tier=service_tier)

    assert cost(price(tiered, prices=None, at=since)) == usual * factor


def test_the_model_asked_for_is_the_second_choice() -> None:
    answered = call(response_model="my-deployment")

    assert cost(price(answered, prices=None, at=AT)) == Decimal("12.5")


@pytest.mark.parametrize("provider_name", [LOCAL, "llm.example", "openai-proxy.example", "portkey"])
def test_the_model_s_name_alone_has_no_price(provider_name: str) -> None:
    priced = price(call(provider_name=provider_name), prices=None, at=AT)

    note = f"no price for model gpt-4o of provider {provider_name}"
    assert priced == Priced(cost_note=note)


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"usage": Usage()}, "no usage reported"),
        ({"usage": Usage(input_tokens=1)}, "usage reported in part only"),
        ({"usage": Usage(output_tokens=1)}, "usage reported in part only"),
        ({"request_model": None}, "no model named"),
        ({"request_model": "gpt-none"}, "no price for model gpt-none of provider openai"),
        (
            {"usage": Usage(input_tokens=1, output_tokens=1, incomplete="x worked too")},
            "usage is incomplete: x worked too",
        ),
    ],
)
def test_an_unknown_cost_says_why(fields: dict[str, Any], note: str) -> None:
    assert price(call(**fields), prices=None, at=AT) == Priced(cost_note=note)


def test_a_model_that_the_public_list_knows_without_a_price_has_none() -> None:
    unpriced = call(provider_name="openrouter", request_model="openrouter/auto")

    assert price(unpriced, prices=None, at=AT).cost_usd is None


def test_counts_that_the_public_list_refuses_are_an_unknown_cost() -> None:
    usage = Usage(input_tokens=1, output_tokens=1, cache_read_input_tokens=5)

    priced = price(call(usage=usage), prices=None, at=AT)

    assert priced.cost_usd is None
    assert "cannot exceed input_tokens" in (priced.cost_note or "")


def test_tokens_of_every_kind_have_their_price(tmp_path: Path) -> None:
    usage = Usage(
        input_tokens=1_000_000,
        output_tokens=100_000,
        cache_read_input_tokens=600_000,
        cache_write_input_tokens=300_000,
    )
    full = line(tmp_path, input=10, output=20, cache_read=1, cache_write=12.5)
    plain = line(tmp_path, input=10, output=20)

    assert cost(price(local(usage=usage), prices=full, at=AT)) == Decimal("7.35")
    assert cost(price(local(usage=usage), prices=plain, at=AT)) == Decimal(12)


def test_a_cache_larger_than_the_input_is_not_billed_twice(tmp_path: Path) -> None:
    usage = Usage(input_tokens=10, output_tokens=0, cache_read_input_tokens=99)

    assert cost(price(local(usage=usage), prices=line(tmp_path), at=AT)) == Decimal("0.00001")


def test_a_line_prices_what_is_billed_beside_tokens(tmp_path: Path) -> None:
    lines = line(tmp_path, units="{search_units: 0.002, web_searches: 0.01}")
    usage = Usage(input_tokens=1_000_000, output_tokens=0, billed_units={"web_searches": 2})

    assert cost(price(local(usage=usage), prices=lines, at=AT)) == Decimal("1.02")
    assert cost(price(local(usage=used(search_units=3)), prices=lines, at=AT)) == Decimal("0.006")


def test_a_line_that_does_not_price_a_unit_leaves_the_cost_unknown(tmp_path: Path) -> None:
    usage = Usage(input_tokens=1, output_tokens=1, billed_units={"web_searches": 2})
    spoken = replace(usage, billed_units={"input_audio_tokens": 1})

    priced = price(local(usage=usage), prices=line(tmp_path), at=AT)

    assert priced == Priced(cost_note="the price file has no price for web_searches")
    assert cost(price(local(usage=spoken), prices=line(tmp_path), at=AT)) * 1_000_000 == 3


def test_a_price_of_zero_is_a_known_cost(tmp_path: Path) -> None:
    free = line(tmp_path, input=0, output=0)

    assert price(local(), prices=free, at=AT) == Priced(
        cost_usd=Decimal(0), cost_source="price file"
    )


def test_prices_keep_their_digits(tmp_path: Path) -> None:
    exact = line(tmp_path, input="0.1", output="'0.2'")

    assert cost(price(local(), prices=exact, at=AT)) == Decimal("0.3")


@pytest.mark.parametrize("provider", [LOCAL, "127.0.0.1"])
def test_a_line_may_name_a_provider_or_a_host(tmp_path: Path, provider: str) -> None:
    lines = line(tmp_path, provider=f'"{provider}"')

    assert cost(price(local(), prices=lines, at=AT)) == 3
    assert price(call(provider_name="x"), prices=lines, at=AT).cost_usd is None


def test_the_first_line_that_covers_the_answering_model_counts(tmp_path: Path) -> None:
    text = "prices:\n" + "".join(
        f"  - {{model: '{model}', input: {amount}, output: 0}}\n"
        for model, amount in (("gpt-*", 1), ("qwen2.5-*", 2), ("qwen*", 3))
    )
    answered = local(response_model="Qwen2.5-coder")

    assert cost(price(answered, prices=prices(tmp_path, text), at=AT)) == 2


GOOD = "prices:\n  - model: x\n    input: 1\n    output: 2\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD.replace("output", "outptu"), ":4: unknown key 'outptu'; did you mean 'output'?"),
        (GOOD.replace("prices", "price"), ":1: unknown key 'price'; did you mean 'prices'?"),
        (GOOD + "    currency: EUR\n", ":5: unknown key 'currency'; known are provider, model, "),
        (GOOD.replace("    output: 2\n", ""), ":2: missing 'output'"),
        (GOOD + "    input: 3\n", ":5: key 'input' stands twice"),
        (GOOD.replace("1", "-1"), ":3: 'input' has to be a number from 0 on, "),
        (GOOD.replace("1", ".nan"), "not '.nan'"),
        (GOOD.replace("1", "NaN"), "not 'NaN'"),
        (GOOD.replace("1", "Infinity"), "not 'Infinity'"),
        (GOOD.replace("1", "cheap"), "not 'cheap'"),
        (GOOD.replace("1", "[1]"), ":3: 'input' has to be a number"),
        (GOOD.replace("model: x", "model: []"), ":2: 'model' has to be a word"),
        (GOOD + "    units: 3\n", ":5: 'units' has to name units, not '3'"),
        (
            GOOD + "    units: {images: free}\n",
            ":5: 'images' has to be a number from 0 on, in US dollars for one, not 'free'",
        ),
        ("prices: 3\n", ":1: 'prices' has to be a list"),
        ("prices:\n  - 3\n", ":2: expected the keys provider, model, "),
        ("- 3\n", ":1: expected the keys prices, not "),
        ("", "is empty; it needs the key 'prices'"),
        ("prices: [", "cannot be read as YAML"),
        ("prices: !!python/object:os.system {}\n", ":1: 'prices' has to be a list"),
    ],
)
def test_a_mistake_names_its_line_and_the_right_word(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(PriceFileError) as raised:
        prices(tmp_path, text)

    assert str(tmp_path / "prices.yaml") in str(raised.value)
    assert message in str(raised.value)


def test_a_missing_file_is_a_price_file_error(tmp_path: Path) -> None:
    with pytest.raises(PriceFileError, match="cannot be read"):
        read_price_file(tmp_path / "none.yaml")


def bound(asked: Call, lines: PriceFile | None, assumed_output_tokens: int = 100) -> Priced:
    return upper_bound(asked, prices=lines, at=AT, assumed_output_tokens=assumed_output_tokens)


def asking(text: str = "Hi", **fields: Any) -> Call:
    message = Message("user", (Part("text", content=text),))
    return local(**{"usage": Usage(), "input_messages": (message,), **fields})


def test_the_bound_is_over_any_count_of_the_request_s_text(tmp_path: Path) -> None:
    text = "\N{SNOWMAN}" * 1000

    most = cost(bound(asking(text), line(tmp_path, input=1, output=0)))

    assert Decimal(3000) <= most * 1_000_000 <= Decimal(3200)


@pytest.mark.parametrize(
    ("parameters", "output_tokens"),
    [
        ({}, 100),
        ({"max_tokens": 7}, 7),
        ({"max_tokens": 7, "choice_count": 3}, 21),
        ({"choice_count": 3}, 300),
    ],
)
def test_the_bound_takes_the_longest_answer_allowed(
    tmp_path: Path, parameters: dict[str, Any], output_tokens: int
) -> None:
    most = cost(bound(asking(parameters=parameters), line(tmp_path, input=0, output=1)))

    assert most * 1_000_000 == output_tokens


def test_instructions_and_tools_count_too(tmp_path: Path) -> None:
    lines = line(tmp_path, input=1, output=0)
    bare = cost(bound(asking(), lines))
    told = asking(system_instructions=(Part("text", content="x" * 500),))
    equipped = asking(tool_definitions=({"type": "function", "description": "x" * 500},))

    assert (cost(bound(told, lines)) - bare) * 1_000_000 >= 500
    assert (cost(bound(equipped, lines)) - bare) * 1_000_000 >= 500


def test_embeddings_have_no_output_to_bound(tmp_path: Path) -> None:
    asked = asking(operation_name="embeddings")

    assert cost(bound(asked, line(tmp_path, input=0, output=1))) == 0


def test_a_rerank_has_no_output_to_bound(tmp_path: Path) -> None:
    asked = asking(operation_name="rerank")

    assert cost(bound(asked, line(tmp_path, input=0, output=1))) == 0


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"input_messages": ()}, "no bound: the request's text is not known"),
        (
            {"operation_name": "invoke_agent"},
            "no bound: an agent asks models as often as it likes",
        ),
        (
            {"input_messages": (Message("user", (Part("uri", uri="https://x.example/a.png"),)),)},
            "no bound: the input has uri",
        ),
        (
            {"parameters": {"previous_response.id": "resp_1"}},
            "no bound: the server remembers what previous_response.id names",
        ),
        (
            {"parameters": {"conversation.id": "conv_1", "temperature": 0}},
            "no bound: the server remembers what conversation.id names",
        ),
        (
            {"parameters": {"prompt.name": "pmpt_1"}},
            "no bound: the server remembers what prompt.name names",
        ),
        (
            {"tool_definitions": ({"type": "web_search_20250305"},)},
            "no bound: the server runs web_search_20250305",
        ),
    ],
)
def test_input_that_cannot_be_counted_has_no_bound(
    tmp_path: Path, fields: dict[str, Any], note: str
) -> None:
    assert bound(asking(**fields), line(tmp_path)) == Priced(cost_note=note)


def test_a_bound_without_a_price_is_unknown() -> None:
    priced = bound(asking(), None)

    assert priced == Priced(cost_note=f"no price for model gpt-4o of provider {LOCAL}")
