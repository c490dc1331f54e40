"""Realtime sessions, set up over HTTP."""

from __future__ import annotations

OPENAI = "https://api.openai.com/v1/realtime"
CALLS = f"{OPENAI}/calls"
SESSION = {"type": "realtime", "model": "gpt-realtime", "instructions": "Be brief."}

PLAIN = {
    f"{OPENAI}/client_secrets": (
        {"session": SESSION},
        {"value": "ek_1", "expires_at": 1, "session": {**SESSION, "id": "sess_1"}},
    ),
    f"{OPENAI}/sessions": (SESSION, {**SESSION, "id": "sess_1", "object": "realtime.session"}),
    CALLS: (b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n", b"v=0\r\no=- 2 2 IN IP4 127.0.0.1\r\n"),
}
BINARY = {CALLS}
