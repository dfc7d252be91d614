"""Guardrails of instances, volumes, images and their networks."""
