"""Guardrails of the private network: no way out, and only the platform says where jobs run."""
