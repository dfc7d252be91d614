"""Guardrails of builds, pipelines and packages."""
