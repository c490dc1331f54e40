"""A conversation of several messages, traced as one session of one user."""

from __future__ import annotations


def test_a_conversation_knows_what_was_said_before(llm, conversation, shop):
    llm.tag(user_id="ada", session_id="chat-7", channel="web")

    delivered = conversation.ask("When was my order F-1001 delivered?")
    period = conversation.ask("How many days do I have to return it?")
    conversation.ask("Then please refund it.")

    assert "March 10" in delivered or "2025-03-10" in delivered
    assert "30 days" in period
    assert llm.tool_calls[-1].arguments["order_id"] == "F-1001"  # named two messages before
    assert shop.refunded_eur == {"F-1001": 249.0}
    assert {(call.user_id, call.session_id) for call in llm.calls} == {("ada", "chat-7")}
    assert llm.last.metadata["channel"] == "web"
