"""Hooks that other plugins and conftest files implement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from decimal import Decimal

    from pytest_litmus.capture.exchange import Exchange
    from pytest_litmus.suites.attack import Attack
    from pytest_litmus.wire.calls import Call


@pytest.hookspec(firstresult=True)
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """Turn one HTTP exchange into a call.

    Stops at the first result that is not None. Built-in decoders go last, so a decoder of yours
    may take over a host that they would also know.

    It is also asked *before* a request is sent, with an exchange that has no response
    (`exchange.status is None`): a call means "this request goes to a model: capture it, record it,
    replay it", None means "not a model request: let it pass untouched".

    Args:
        exchange: The request and the response; the body is content-decoded.

    Returns:
        The call, or None when the exchange is not yours. A response that is yours and cannot be
        read is a call with `error_type` set, never an exception.

    Example, in a conftest.py::

        from pytest_litmus import Call


        def pytest_llm_decode(exchange):
            if exchange.request.host == "llm.example":
                return Call(
                    operation_name="chat", provider_name="example", wire_format="example.chat"
                )

    Use in conftest plugins
    =======================
    The hook is asked wherever a test runs, so any conftest file may implement it.
    """


@pytest.hookspec(firstresult=True)
def pytest_llm_price(call: Call, at: date) -> Decimal | None:
    """What a call costs in US dollars.

    Stops at the first result that is not None; the built-in sources go last: the user's price file,
    then the public price list. A cost that the provider reports itself wins over all of them.

    Example, in a conftest.py, for a model that is paid by the hour and costs nothing a call::

        def pytest_llm_price(call, at):
            if call.server_address == "gpu.internal":
                return Decimal(0)

    Use in conftest plugins
    =======================
    Any conftest file may implement this hook.
    """


@pytest.hookspec
def pytest_llm_attacks() -> Sequence[Attack]:  # type: ignore[empty-body]
    """Further attacks for `attacks:` in suites.

    All results are taken; one that is named as a built-in attack replaces it.

    Example, in a conftest.py::

        from pytest_litmus.suites.attack import attack


        @attack(family="framing", source="https://example.com/our-red-team/17")
        def as_a_ticket(payload, rng):
            \"\"\"The payload as a support ticket.\"\"\"
            return f"Ticket #{rng.randrange(10_000)}: {payload}"


        def pytest_llm_attacks():
            return [as_a_ticket]

    Use in conftest plugins
    =======================
    Asked once a run, when the first suite is collected: by the conftest files of the rootdir and of
    the folders named on the command line.
    """


@pytest.hookspec
def pytest_llm_evaluators() -> Sequence[Callable[..., object]]:  # type: ignore[empty-body]
    """Further evaluators for `expect:` in suites, named as the functions are.

    The first parameter is called `said` (it is given the answer's text) or `acted` (the calls); the
    others are what a suite may write after the name. It gives a `Verdict`, a `Score` or a bool.

    Example, in a conftest.py::

        def quotes_no_price(said):
            return "$" not in said


        def pytest_llm_evaluators():
            return [quotes_no_price]

    Use in conftest plugins
    =======================
    As `pytest_llm_attacks`.
    """
