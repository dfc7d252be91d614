"""Guardrails of people's access: they sign in through the enterprise's identity provider."""
