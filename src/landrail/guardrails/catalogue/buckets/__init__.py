"""Guardrails of buckets: never public, always encrypted and versioned, reached over TLS only."""
