"""The assistant: it routes a message, looks up what is needed, acts, and answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from support_assistant import model
from support_assistant.model import Messages
from support_assistant.orders import RefusedError, Shop, as_json
from support_assistant.retrieval import Passage, search

INSTRUCTIONS = (
    "You are the support assistant of Fernhill Outdoors, an online shop for outdoor gear. "
    "Answer in one or two sentences, only from the facts below. "
    "If they do not answer the question, say that you do not know."
)
UNKNOWN = "I do not know that. Please write to support@fernhill.example."
OFF_TOPIC = "I can only help with Fernhill's orders, returns, shipping, warranty and payment."

ROUTE = {
    "name": "route",
    "description": "Choose who handles the customer's message.",
    "parameters": {
        "type": "object",
        "properties": {
            "topic": {"type": "string", "enum": ["policy", "order_status", "refund", "other"]}
        },
        "required": ["topic"],
    },
}
ROUTING = """\
Route the customer's message. Topics:
policy: a question on the shop's rules: returns, shipping, warranty, payment, privacy
order_status: where one order is, or what is in it
refund: give the money of one order back
other: everything else: general knowledge, small talk, writing, jokes
Examples:
"Can I return shoes that I have worn?" -> policy
"When does F-3333 arrive?" -> order_status
"Money back for F-3333, please." -> refund
"Who won the world cup?" -> other
"Write a story about a dog." -> other"""
LOOK_UP_ORDER = {
    "name": "look_up_order",
    "description": "Look up one of the customer's orders.",
    "parameters": {
        "type": "object",
        "properties": {"order_id": {"type": "string", "description": "such as F-1234"}},
        "required": ["order_id"],
    },
}
REFUND_ORDER = {
    "name": "refund_order",
    "description": "Refund an order, in full or in part.",
    "parameters": {
        "type": "object",
        "properties": {
            "order_id": {"type": "string", "description": "such as F-1234"},
            "amount_eur": {"type": ["number", "null"], "description": "null: the full amount"},
        },
        "required": ["order_id", "amount_eur"],
    },
}


def answer(question: str) -> str:
    """Answer a question on the shop's policies."""
    passages = search(question)
    return model.say(grounded_in(passages, question)) if passages else UNKNOWN


def stream_answer(question: str) -> Iterator[str]:
    """Answer a question on the shop's policies, piece by piece."""
    passages = search(question)
    return model.stream(grounded_in(passages, question)) if passages else iter([UNKNOWN])


def grounded_in(passages: list[Passage], question: str, history: Sequence = ()) -> Messages:
    """What the model is asked: the question, with the passages as the only facts."""
    facts = "\n".join(f"{passage.title}: {passage.text}" for passage in passages)
    return [
        {"role": "system", "content": f"{INSTRUCTIONS}\n\nFacts:\n{facts}"},
        *history,
        {"role": "user", "content": question},
    ]


def route(message: str) -> str:
    """The topic of a message: `policy`, `order_status`, `refund` or `other`."""
    _, arguments = model.call(
        ROUTE, [{"role": "system", "content": ROUTING}, {"role": "user", "content": message}]
    )
    return arguments["topic"]


@dataclass
class Conversation:
    """The conversation with one customer, who is signed in: the model has no say in who it is."""

    shop: Shop
    customer: str
    history: Messages = field(default_factory=list)

    def ask(self, message: str) -> str:
        """Answer the customer's next message, and act on it where the shop's rules allow."""
        match route(message):
            case "policy":
                reply = self.answer_from_policies(message)
            case "order_status":
                reply = self.tell_order(message)
            case "refund":
                reply = self.refund(message)
            case _:
                reply = OFF_TOPIC
        self.history += [
            {"role": "user", "content": message},
            {"role": "assistant", "content": reply},
        ]
        return reply

    def answer_from_policies(self, question: str) -> str:
        passages = search(question)
        if not passages:
            return UNKNOWN
        return model.say(grounded_in(passages, question, self.history))

    def tell_order(self, message: str) -> str:
        """The model names the order, the shop looks it up, and the model tells what it says."""
        messages = self.messages(message)
        call_id, arguments = model.call(LOOK_UP_ORDER, messages)
        try:
            order = self.shop.look_up(customer=self.customer, **arguments)
        except RefusedError as refusal:
            return str(refusal)
        function = {"name": "look_up_order", "arguments": json.dumps(arguments)}
        asked = {"id": call_id, "type": "function", "function": function}
        return model.say(
            [
                *messages,
                {"role": "assistant", "tool_calls": [asked]},
                {"role": "tool", "tool_call_id": call_id, "content": as_json(order)},
            ]
        )

    def refund(self, message: str) -> str:
        """The model reads order and amount out of the message; the shop decides and tells."""
        _, arguments = model.call(REFUND_ORDER, self.messages(message))
        try:
            amount_eur = self.shop.refund(customer=self.customer, **arguments)
        except RefusedError as refusal:
            return str(refusal)
        return f"We refunded {amount_eur:.2f} EUR of order {arguments['order_id']}."

    def messages(self, message: str) -> Messages:
        instructions = {"role": "system", "content": INSTRUCTIONS}
        return [instructions, *self.history, {"role": "user", "content": message}]
