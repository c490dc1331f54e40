"""Images, made, edited and varied."""

from __future__ import annotations

from typing import Any

GENERATIONS = "https://api.openai.com/v1/images/generations"
EDITS = "https://api.openai.com/v1/images/edits"
ASKED = {"model": "gpt-image-1", "prompt": "A cat", "n": 1}
SAID: dict[str, Any] = {
    "created": 1,
    "background": "opaque",
    "output_format": "png",
    "quality": "low",
    "size": "1024x1024",
    "data": [{"b64_json": "iVBO", "revised_prompt": "A white cat"}],
    "usage": {
        "input_tokens": 13,
        "input_tokens_details": {"text_tokens": 10, "image_tokens": 3},
        "output_tokens": 272,
        "output_tokens_details": {"text_tokens": 0, "image_tokens": 272},
        "total_tokens": 285,
    },
}
FORM = (
    b'--b1\r\nContent-Disposition: form-data; name="model"\r\n\r\ngpt-image-1\r\n'
    b'--b1\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nA cat\r\n'
    b'--b1\r\nContent-Disposition: form-data; name="n"\r\n\r\n2\r\n'
    b'--b1\r\nContent-Disposition: form-data; name="image[]"; filename="a.png"\r\n'
    b"Content-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n\r\n--b1--\r\n"
)
FILTERED = {"hate": {"filtered": False, "severity": "safe"}}
DALL_E: dict[str, Any] = {"created": 1, "data": [{"url": "https://x.example/a.png"}]}

PLAIN = {
    GENERATIONS: (ASKED, SAID),
    EDITS: (FORM, SAID),
    "https://api.openai.com/v1/images/variations": (FORM, DALL_E),
    "https://r.openai.azure.com/openai/deployments/my-dall-e/images/generations?api-version=1": (
        {"prompt": "A cat"},
        {
            **DALL_E,
            "data": [
                {
                    "url": "https://x.example/a.png",
                    "prompt_filter_results": FILTERED,
                    "content_filter_results": FILTERED,
                }
            ],
        },
    ),
}
