"""Guardrail: buckets are reached over TLS only."""

from __future__ import annotations

from landrail.guardrails.guardrail import (
    Facts,
    Guardrail,
    Statement,
    deny,
)


def _tls(_facts: Facts) -> tuple[Statement, ...]:
    return (deny("s3:*", when={"Bool": {"aws:SecureTransport": "false"}}),)


GUARDRAIL = Guardrail(
    id="require-tls",
    title="buckets are reached over TLS only",
    why="what travels in plain text can be read on its way",
    severity="medium",
    remedy="use https",
    service_control=_tls,
)
