"""Guardrail: the trail, the recorder and their logs are out of everybody's reach."""
