"""MCP servers over HTTP, spoken to by the real SDK: tool spans, and live in a replay."""

from __future__ import annotations

import socket
import threading
import time

import pytest
import uvicorn
from mcp.server import mcpserver

SOURCE = """
    import asyncio

    from mcp import Client

    async def use_tools(llm):
        async with Client(f"{TOOLS}/mcp") as client:
            with llm.step("tools"):
                said = await client.call_tool("look_up", {"order": "A-1"})
        return said.content[0].text

    def test_it(llm):
        llm.ask("hello")
        assert asyncio.run(use_tools(llm)) == "A-1 is on its way"
        assert len(llm.calls) == 1
        print(llm.trace)
"""


@pytest.fixture
def tools():
    """A tool server, and how often its tool ran."""
    ran: list[str] = []
    mcp = mcpserver.MCPServer("orders")

    @mcp.tool()
    def look_up(order: str) -> str:
        ran.append(order)
        return f"{order} is on its way"

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(mcp.streamable_http_app(), log_level="error")
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        while not running.started:
            time.sleep(0.01)
        yield address, ran
        running.should_exit = True
        thread.join()


def test_a_tool_server_on_this_machine_runs_in_a_replay_too(project, tools):
    address, ran = tools
    project.test(SOURCE.replace("TOOLS", repr(address)))

    project.run("--llm-record=once").assert_outcomes(passed=1)
    result = project.run("-s", "--llm-report")

    result.assert_outcomes(passed=1)
    assert ran == ["A-1", "A-1"]
    assert project.asked == ["hello"]
    assert address not in project.cassette.read_text()
    result.stdout.fnmatch_lines(
        ["  step tools*", '    tool look_up({"order": "A-1"}) over MCP -> {"result": *']
    )
    trace = project.report["tests"][0]["trace"]
    assert trace["children"][1]["children"][0]["name"] == "look_up"
    assert project.report["totals"]["calls"]["total"] == 1


def test_a_host_that_is_recorded_is_not_asked_again(project, tools):
    address, ran = tools
    project.ini("llm_record_hosts = 127.0.0.1")
    project.test(SOURCE.replace("TOOLS", repr(address)))

    project.run("--llm-record=once").assert_outcomes(passed=1)
    project.run().assert_outcomes(passed=1)

    assert ran == ["A-1"]
