"""Guardrail: what our identities write stays in the organization."""

from __future__ import annotations

from typing import Any

from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    Facts,
    Guardrail,
    Option,
    Statement,
    deny,
    role,
)
from landrail.guardrails.perimeter import ORGANIZATION

_WRITING = (
    "dynamodb:BatchWriteItem",
    "dynamodb:PutItem",
    "firehose:PutRecord*",
    "kinesis:PutRecord*",
    "lambda:InvokeFunction",
    "s3:PutObject",
    "s3:Replicate*",
    "sns:Publish",
    "sqs:SendMessage",
    "sts:AssumeRole",
)
"""Ways by which data goes to a resource that a request names. Events are not among them: AWS gives
their requests no owner of the bus."""


def _statements(facts: Facts) -> tuple[Statement, ...]:
    outside: dict[str, Any] = {"aws:ResourceOrgID": ORGANIZATION}
    partners = facts.option("perimeter-our-resources")
    if partners:
        outside["aws:ResourceAccount"] = list(partners)
    when = {"StringNotEqualsIfExists": outside}
    return (deny(_WRITING, unless=(role(BREAK_GLASS),), when=when),)


GUARDRAIL = Guardrail(
    id="perimeter-our-resources",
    title="what our identities write stays in the organization",
    why="who may read data and write elsewhere may take it away",
    severity="high",
    remedy="write to resources of the organization; the file may name accounts of partners",
    service_control=_statements,
    option=Option("ids of accounts outside that may be written to", r"\d{12}"),
)
