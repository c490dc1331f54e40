from __future__ import annotations

from typing import Any

TOOLS = "https://tools.example/mcp"

ASKED: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 7,
    "method": "tools/call",
    "params": {"name": "look_up", "arguments": {"order": "A-1"}},
}
SAID: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 7,
    "result": {"content": [{"type": "text", "text": "on its way"}], "isError": False},
}
INITIALIZE: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 0,
    "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "c"}},
}
INITIALIZED: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 0,
    "result": {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}},
}

PLAIN = {
    TOOLS: (ASKED, SAID),
    f"{TOOLS}#initialize": (INITIALIZE, INITIALIZED),
}
