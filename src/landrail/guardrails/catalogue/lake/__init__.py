"""Guardrails of the lake and its catalog."""
