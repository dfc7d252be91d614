"""Guardrail: only the platform makes, changes, passes or enters the platform's roles."""
