"""Differences in which the truth of ../shared is held to be wrong: end of the file, field, why."""

from __future__ import annotations

TRUTH_ERRS = {
    ("test_compatible_api_with_tool_calls_without_id.yaml", "usage.output"): (
        "Google bills the thoughts that only total_tokens shows; the truth's own convention counts"
        " them as output"
    ),
    ("test_compatible_api_with_tool_calls_without_id.yaml", "usage.reasoning"): (
        "the hidden thoughts are reasoning; the truth leaves them out"
    ),
    ("test_compatible_api_with_tool_calls_without_id.yaml", "price"): (
        "the hidden thoughts are billed"
    ),
    ("test_openai_responses_model_web_search_tool_without_external_access.yaml", "price"): (
        "OpenAI bills the search beside the tokens; the truth prices the usage object only"
    ),
    ("test_google_model_safety_settings.yaml", "price"): (
        "the answer does not say how many output tokens it has; the truth takes none"
    ),
    ("completion_proxy.yaml", "reported_cost"): (
        "LiteLLM reports the cost in a header, x-litellm-response-cost; the truth reads bodies only"
    ),
    ("test_chat_stream.yaml", "usage.cache_read"): (
        "Together writes cached_tokens beside the counts; the truth looks into the details only"
    ),
    ("TestCohere.test_count_tokens.yaml", "usage.input"): (
        "the answer lists the tokens, and how many they are is what the program asks for; the"
        " truth reads usage objects only"
    ),
    ("test_text_response.yaml", "error"): (
        "the body is a line of text: no SDK can read it, so the call did not succeed"
    ),
}
