"""Guardrails against sharing outside of the organization."""
