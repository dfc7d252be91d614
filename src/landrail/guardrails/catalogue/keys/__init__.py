"""Guardrails of keys: they stay, rotate, and open for nobody outside."""
