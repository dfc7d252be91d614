"""Guardrails of secrets."""
