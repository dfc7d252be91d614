"""Guardrail: the catalog says where data sets are; the platform and data engineers write it."""
