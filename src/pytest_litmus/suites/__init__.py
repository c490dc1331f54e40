"""Suites: `*.llm.yaml` files of cases, attacks and expectations, run as pytest items."""
