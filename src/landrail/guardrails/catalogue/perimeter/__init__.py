"""Guardrails of the data perimeter: our identities, our resources, expected networks."""
