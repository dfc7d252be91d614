"""Guardrails of logs."""
