"""Guardrails of what detects threats."""
