"""Guardrails of roles, users and policies."""
