"""All rows of the SDK table, in the order of the table."""

from __future__ import annotations

from tests.sdk import cases_anthropic, cases_litellm, cases_openai, cases_others, cases_raw

LITELLM_ROWS = cases_litellm.ROWS
ROWS = [*cases_openai.ROWS, *cases_anthropic.ROWS, *cases_others.ROWS, *cases_raw.ROWS]
ALL_ROWS = [*ROWS, *LITELLM_ROWS]
