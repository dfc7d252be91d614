"""Guardrail: nobody but the platform changes the identity provider that people sign in by."""
