"""Audio, transcribed, translated and spoken."""

from __future__ import annotations

from typing import Any

from tests.wire.recordings import sse

OPENAI = "https://api.openai.com/v1/audio"
TRANSCRIPTIONS, SPEECH = f"{OPENAI}/transcriptions", f"{OPENAI}/speech"


def form(**fields: str) -> bytes:
    """A form with a recording, as SDKs send it."""
    texts = (
        f'--b1\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    )
    return (
        b"".join(texts) + b'--b1\r\nContent-Disposition: form-data; name="file"; filename="a.wav"'
        b"\r\nContent-Type: audio/wav\r\n\r\nRIFF\x00\x01\r\n\xff\r\n--b1--\r\n"
    )


TOKENS = {
    "type": "tokens",
    "input_tokens": 14,
    "input_token_details": {"text_tokens": 0, "audio_tokens": 14},
    "output_tokens": 5,
    "total_tokens": 19,
}
SAID: dict[str, Any] = {"text": "Hello!", "usage": TOKENS}
SPOKEN = b"ID3\x04\x00\xff\xfb"
SPEECH_ASKED = {"model": "gpt-4o-mini-tts", "input": "Hello!", "voice": "ash"}

PLAIN = {
    TRANSCRIPTIONS: (form(model="gpt-4o-transcribe"), SAID),
    f"{TRANSCRIPTIONS}#verbose": (
        form(model="whisper-1", response_format="verbose_json"),
        {
            "task": "transcribe",
            "language": "english",
            "duration": 8.47,
            "text": "Hello!",
            "segments": [],
            "usage": {"type": "duration", "seconds": 9},
        },
    ),
    f"{TRANSCRIPTIONS}#text": (form(model="whisper-1", response_format="text"), b"Hello!"),
    f"{OPENAI}/translations": (form(model="whisper-1"), {"text": "Hello!"}),
    "https://r.openai.azure.com/openai/deployments/my-whisper/audio/transcriptions?api-version=1": (
        form(),
        {"text": "Hello!"},
    ),
    SPEECH: (SPEECH_ASKED, SPOKEN),
}
STREAMS = {
    TRANSCRIPTIONS: (
        {"model": "gpt-4o-transcribe", "url": "https://x.example/a.wav"},
        sse(
            {"type": "transcript.text.delta", "delta": "Hel"},
            {"type": "transcript.text.delta", "delta": "lo!"},
            {"type": "transcript.text.done", **SAID},
        ),
    ),
    "https://api.mistral.ai/v1/audio/transcriptions#stream": (
        {"model": "voxtral-mini-latest", "file_url": "https://x.example/a.wav"},
        sse(
            ("transcription.language", {"type": "transcription.language", "audio_language": "en"}),
            *(
                ("transcription.text.delta", {"type": "transcription.text.delta", "text": piece})
                for piece in ("Hel", "lo!")
            ),
            (
                "transcription.done",
                {
                    "type": "transcription.done",
                    "model": "voxtral-mini-2507",
                    "text": "Hello!",
                    "language": "en",
                    "segments": [],
                    "usage": {
                        "prompt_audio_seconds": 4,
                        "prompt_tokens": 3,
                        "completion_tokens": 5,
                        "total_tokens": 64,
                    },
                },
            ),
        ),
    ),
}
BINARY = {SPEECH, f"{TRANSCRIPTIONS}#text"}
