"""Guardrail: nobody works in another's Studio, nor in another's jobs."""
