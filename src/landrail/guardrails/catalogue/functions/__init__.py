"""Guardrails of functions."""
