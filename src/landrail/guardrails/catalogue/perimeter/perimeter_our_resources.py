"""Guardrail: what our identities write stays in the organization."""

from __future__ import annotations

from typing import Any

from landrail.guardrails.guardrail import Facts, Guardrail, Option
from landrail.guardrails.perimeter import ORGANIZATION
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import Statement, deny

_WRITING = (
    "dynamodb:BatchWriteItem",
    "dynamodb:PutItem",
    "firehose:PutRecord*",
    "kinesis:PutRecord*",
    "kms:Encrypt",
    "kms:GenerateDataKey*",
    "kms:ReEncryptTo",
    "lambda:InvokeFunction",
    "s3:PutObject",
    "s3:Replicate*",
    "sns:Publish",
    "sqs:SendMessage",
    "sts:AssumeRole",
)
"""Ways by which data goes to a resource that a request names, or under a key that somebody outside
can take away. Events are not among them: AWS gives their requests no owner of the bus."""


def _statements(facts: Facts) -> tuple[Statement, ...]:
    outside: dict[str, Any] = {"aws:ResourceOrgID": ORGANIZATION}
    partners = facts.option("perimeter-our-resources")
    if partners:
        outside["aws:ResourceAccount"] = list(partners)
    when = {"StringNotEqualsIfExists": outside}
    return (deny(_WRITING, unless=BREAK_GLASS_ONLY, when=when),)


GUARDRAIL = Guardrail(
    id="perimeter-our-resources",
    title="what our identities write stays in the organization",
    why="who may read data and write elsewhere may take it away",
    severity="high",
    remedy="write to resources of the organization; the file may name accounts of partners",
    service_control=_statements,
    option=Option("ids of accounts outside that may be written to", r"\d{12}"),
)
