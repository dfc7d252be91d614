"""Guardrails of the alarm: an entry of break-glass is heard of in audit, whoever it was."""
