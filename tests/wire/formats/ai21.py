from __future__ import annotations

from typing import Any

AI21 = "https://api.ai21.com/studio/v1"
COMPLETE = f"{AI21}/j2-ultra/complete"
CHAT = f"{AI21}/j2-ultra/chat"
CUSTOM = f"{AI21}/j2-mid/my-model/complete"

ASKED: dict[str, Any] = {
    "prompt": "Hi",
    "numResults": 1,
    "maxTokens": 64,
    "temperature": 0.5,
    "topP": 0.75,
    "stopSequences": ["\n"],
}
SAID: dict[str, Any] = {
    "id": 1234,
    "prompt": {"text": "Hi", "tokens": [{"generatedToken": {"token": "Hi"}}]},
    "completions": [
        {
            "data": {
                "text": "Hello!",
                "tokens": [{"generatedToken": {"token": one}} for one in ("Hel", "lo!")],
            },
            "finishReason": {"reason": "endoftext"},
        }
    ],
}
CHAT_ASKED: dict[str, Any] = {
    "system": "Be kind.",
    "messages": [{"text": "Hi", "role": "user"}],
    "maxTokens": 64,
}
CHAT_SAID: dict[str, Any] = {
    "id": "c-1",
    "outputs": [
        {"text": "Hello!", "role": "assistant", "finishReason": {"reason": "endoftext"}},
    ],
}

PLAIN = {
    COMPLETE: (ASKED, SAID),
    CUSTOM: (ASKED, SAID),
    CHAT: (CHAT_ASKED, CHAT_SAID),
}
