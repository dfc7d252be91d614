"""Guardrail: everything happens in the platform's region."""
