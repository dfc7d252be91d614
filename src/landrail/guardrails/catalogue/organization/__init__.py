"""Guardrails of membership: accounts, the organization and its policies, root users."""
