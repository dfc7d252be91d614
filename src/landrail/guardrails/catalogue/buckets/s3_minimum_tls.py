"""Guardrail: buckets are reached over TLS 1.2 or later."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.perimeter import but_services, deny_all
from landrail.guardrails.statements import fixed

GUARDRAIL = Guardrail(
    id="s3-minimum-tls",
    title="buckets are reached over TLS 1.2 or later",
    why="older versions of TLS can be read by whoever records them",
    severity="medium",
    remedy="update the client",
    resource_control=fixed(
        deny_all("s3:*", but_services({"NumericLessThan": {"s3:TlsVersion": "1.2"}}))
    ),
)
