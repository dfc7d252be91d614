"""Guardrails of release: only pipelines carry, approve and change what is released."""
