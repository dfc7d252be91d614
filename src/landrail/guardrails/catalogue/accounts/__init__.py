"""Guardrails of accounts: root users, contacts, purchases, AI services."""
