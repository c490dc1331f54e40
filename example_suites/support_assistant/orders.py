"""Orders and refunds of the shop. The rules are kept here, in code, and not in a prompt."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

REFUND_PERIOD = timedelta(days=30)


class RefusedError(Exception):
    """The shop does not do what was asked; the text tells the customer why."""


@dataclass(frozen=True)
class Order:
    id: str
    customer: str
    item: str
    amount_eur: float
    status: str
    delivered_on: date | None = None
    note: str = ""


def load_orders() -> dict[str, Order]:
    rows = json.loads((Path(__file__).parent / "orders.json").read_text(encoding="utf-8"))
    return {row["id"]: order_of(row) for row in rows}


def order_of(row: dict[str, Any]) -> Order:
    delivered_on = row.pop("delivered_on", None)
    return Order(**row, delivered_on=date.fromisoformat(delivered_on) if delivered_on else None)


@dataclass
class Shop:
    """The shop's books on a given day."""

    today: date
    orders: dict[str, Order] = field(default_factory=load_orders)
    refunded_eur: dict[str, float] = field(default_factory=dict)

    def look_up(self, *, customer: str, order_id: str) -> Order:
        """An order of this customer; others' orders are as good as unknown."""
        order = self.orders.get(order_id.strip().upper())
        if order is None or order.customer != customer:
            raise RefusedError(f"There is no order {order_id} in your account.")
        return order

    def refund(self, *, customer: str, order_id: str, amount_eur: float | None = None) -> float:
        """Book a refund and return its amount; None stands for all that is left of the order."""
        order = self.look_up(customer=customer, order_id=order_id)
        left = order.amount_eur - self.refunded_eur.get(order.id, 0)
        amount = left if amount_eur is None else amount_eur
        if order.status != "delivered" or order.delivered_on is None:
            raise RefusedError(f"Order {order.id} is not delivered yet, so it cannot be refunded.")
        if self.today - order.delivered_on > REFUND_PERIOD:
            raise RefusedError(f"Order {order.id} was delivered more than 30 days ago.")
        if not 0 < amount <= left:
            raise RefusedError(f"At most {left:.2f} EUR of order {order.id} can be refunded.")
        self.refunded_eur[order.id] = self.refunded_eur.get(order.id, 0) + amount
        return amount


def as_json(order: Order) -> str:
    """The order as the model sees it."""
    return json.dumps({k: v for k, v in asdict(order).items() if v}, default=str)
