"""The guardrails, one a file: each module defines `GUARDRAIL`."""
