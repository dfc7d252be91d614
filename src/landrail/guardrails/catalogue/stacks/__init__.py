"""Guardrails of CloudFormation: stacks are a way round every other guardrail."""
