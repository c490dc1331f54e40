from __future__ import annotations

from tests.wire.formats.openai_audio import form

ELEVENLABS = "https://api.elevenlabs.io/v1"
SPEECH = f"{ELEVENLABS}/text-to-speech/voice-1?output_format=mp3_44100_128"
STREAMED = f"{ELEVENLABS}/text-to-speech/voice-1/stream"
TIMED = f"{ELEVENLABS}/text-to-speech/voice-1/with-timestamps"
TRANSCRIPTION = f"{ELEVENLABS}/speech-to-text"

ASKED = {"text": "Hello!", "model_id": "eleven_multilingual_v2"}

PLAIN = {
    TIMED: (ASKED, {"audio_base64": "aGVsbG8=", "alignment": {"characters": ["H"]}}),
    TRANSCRIPTION: (
        form(model_id="scribe_v1"),
        {"language_code": "en", "text": "Hello!", "words": [], "audio_duration_secs": 8.25},
    ),
}
