"""What every test here needs: a provider of its own, and an environment that leads nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sdk.loopback import Provider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sdk.rows import Row

ENVIRONMENT = {
    "NO_PROXY": "127.0.0.1",
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_CONFIG_FILE": "/nonexistent",
    "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
    "AWS_EC2_METADATA_DISABLED": "true",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOG": "ERROR",
}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as running:
        yield running


@pytest.fixture
def row(request: pytest.FixtureRequest) -> Row:
    """A row of the SDK table; see `rows.each_row`."""
    wanted: Row = request.param
    if wanted.missing:
        pytest.skip(f"{wanted.missing} is not installed")
    return wanted
