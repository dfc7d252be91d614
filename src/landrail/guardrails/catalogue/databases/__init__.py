"""Guardrails of databases, warehouses and clusters."""
