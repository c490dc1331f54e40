from __future__ import annotations

from typing import Any

DEEPGRAM = "https://api.deepgram.com/v1"
LISTEN = f"{DEEPGRAM}/listen?model=nova-3&smart_format=true"
SPEAK = f"{DEEPGRAM}/speak?model=aura-2-thalia-en"

HEARD: dict[str, Any] = {
    "metadata": {"request_id": "d-1", "duration": 8.25, "channels": 1},
    "results": {"channels": [{"alternatives": [{"transcript": "Hello!", "confidence": 0.75}]}]},
}

PLAIN = {
    LISTEN: ({"url": "https://shop.example/call.wav"}, HEARD),
    f"{LISTEN}#raw": (b"RIFF\x00", HEARD),
}
