"""Lambda functions: whom their policies let in, and where they run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.ask import Ask, items, or_none, wants
from landrail.inventory.describing import each
from landrail.inventory.outside import outsiders
from landrail.inventory.policies import allows_public, parsed
from landrail.inventory.table import Column, Row, Table, listed

_GONE = "ResourceNotFoundException"
_BUCKETS = "s3.amazonaws.com"
_SOURCES = ("aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")


def _collect(ask: Ask) -> Iterator[Row]:
    found = items(ask, "lambda", "ListFunctions", "Functions")
    named = {function["FunctionName"]: function for function in found}
    yield from each(ask, named, lambda name: _rows(ask, named[name]))


def _one(ask: Ask, name: str) -> Iterator[Row]:
    told = or_none(ask, _GONE, "lambda", "GetFunctionConfiguration", FunctionName=name)
    if told is not None:
        yield from _rows(ask, told)


def _rows(ask: Ask, function: Mapping[str, Any]) -> Iterator[Row]:
    name = function["FunctionName"]
    hidden = ("Environment", "ResponseMetadata")
    vpc = function.get("VpcConfig") or {}
    row: dict[str, Any] = {
        "resource_id": name,
        "resource_name": name,
        "arn": function["FunctionArn"],
        "configuration": {key: given for key, given in function.items() if key not in hidden},
        "in_vpc": bool(vpc.get("SubnetIds")),
        "kms_key": function.get("KMSKeyArn"),
        "runtime": function.get("Runtime"),
        "role": function.get("Role"),
    }
    if wants(ask, "policy_public", "outsiders"):
        told = or_none(ask, _GONE, "lambda", "GetPolicy", FunctionName=name)
        policy = json.loads(told["Policy"]) if told else None
        row["configuration"]["Policy"] = told["Policy"] if told else None
        row["policy_public"] = allows_public(policy) or _any_bucket(policy)
        row["outsiders"] = listed(outsiders(policy, ask))
    if wants(ask, "url_open"):
        told = or_none(ask, _GONE, "lambda", "GetFunctionUrlConfig", FunctionName=name)
        row["url_open"] = (told or {}).get("AuthType") == "NONE"
    yield row


def _any_bucket(policy: Mapping[str, Any] | None) -> bool:
    """Whether S3 may call it for buckets of any account: an ARN of a bucket names none."""
    document = parsed(policy) if policy is not None else None
    return any(
        statement.effect == "Allow"
        and any(entry.value == _BUCKETS for entry in statement.principals or ())
        and not any(test.key.lower() in _SOURCES for test in statement.conditions)
        for statement in (document.statements if document else ())
    )


TABLE = Table(
    name="lambda_functions",
    resource_type="AWS::Lambda::Function",
    services=("lambda",),
    columns=(
        Column("policy_public", "boolean", "its policy lets everybody call it"),
        Column("outsiders", "text", "whom its policy lets in from outside the organization"),
        Column("url_open", "boolean", "its address takes calls without a signature"),
        Column("in_vpc", "boolean", "whether it runs in a VPC"),
        Column("kms_key", "text", "the KMS key of its environment"),
        Column("runtime", "text", "what it runs on"),
        Column("role", "text", "the role that it runs as"),
    ),
    collect=_collect,
    one=_one,
    reads=(
        "lambda:GetFunctionConfiguration",
        "lambda:GetFunctionUrlConfig",
        "lambda:GetPolicy",
        "lambda:ListFunctions",
    ),
)
