"""Guardrails of container images."""
