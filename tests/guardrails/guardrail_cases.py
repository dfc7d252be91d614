"""The cases of `cases/`, and requests decided under one guardrail alone.

A case is what a guardrail denies to an administrator (or to whoever is named), the compliant twin
that it allows, and the machine powers that it lets past.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from landrail.guardrails import Facts, Guardrail
from landrail.policy import (
    Decision,
    Level,
    Policies,
    PolicyInForce,
    Principal,
    Request,
    authorize,
    parse_document,
)
from landrail.resources import Token, substitute

ACCOUNT, OUTSIDE = "111122223333", "999999999999"
ORGANIZATION = "o-acme000001"
KNOWN = {Token("organization", ""): ORGANIZATION}
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
OPTIONS = {
    "bedrock-models": ("amazon.titan-*",),
    "ec2-instance-types": ("m5.*",),
    "ec2-known-images": ("amazon",),
    "iam-passed-to": ("sagemaker.amazonaws.com",),
    "iam-require-boundary": ("arn:aws:iam::*:policy/bounds",),
    "perimeter-our-networks": ("10.0.0.0/8", "vpc-11111111"),
    "regions": ("eu-west-1",),
    "s3-link-age": ("15",),
}
FACTS = Facts("acme-ml", "eu-west-1", options={name: {"root": v} for name, v in OPTIONS.items()})
POWERS = {"vending": "arn:aws:iam::{}:role/OrganizationAccountAccessRole"}
FOLDER = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Case:
    """A request that a guardrail denies, its twin that it allows, and who may do it anyway."""

    guardrail: str
    deny: str
    resource: str = "*"
    by: str = "administrator"
    given: Mapping[str, Any] = field(default_factory=dict)
    twin: Mapping[str, Any] = field(default_factory=dict)
    powers: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.guardrail}-{self.deny}"


def _read() -> Iterator[Case]:
    for file in sorted(FOLDER.glob("*.yaml")):
        for guardrail, cases in yaml.safe_load(file.read_text(encoding="utf-8")).items():
            for case in cases:
                said = {**case, "given": case.get("given") or {}}
                yield Case(guardrail, **{**said, "powers": tuple(case.get("powers", ()))})


CASES = list(_read())


def caller(by: str) -> Principal:
    """Return who calls: a role of ours, `outside`, `anonymous`, or a service."""
    if by == "anonymous":
        return Principal("anonymous", "", None)
    if by.endswith(".amazonaws.com"):
        return Principal("service", by, None)
    if by == "root":
        return Principal("root", f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT)
    account = OUTSIDE if by.startswith("outside") else ACCOUNT
    name = by.partition("/")[2] or by
    pattern = POWERS.get(name, f"arn:aws:iam::{{}}:role/landrail/{name}")
    session = f"arn:aws:sts::{account}:assumed-role/{name}/someone"
    return Principal("session", session, account, pattern.format(account), session_name="someone")


def decide(
    guardrail: Guardrail, by: str, action: str, resource: str, given: Mapping[str, Any]
) -> Decision:
    """Decide a request under nothing but one guardrail, where all else allows everything."""
    principal = caller(by)
    ours = principal.account == ACCOUNT
    context = {
        "aws:RequestedRegion": "eu-west-1",
        "aws:SecureTransport": "true",
        "aws:ViaAWSService": "false",
        "aws:ResourceOrgID": ORGANIZATION,
        "aws:ResourceAccount": ACCOUNT,
        **({"aws:PrincipalOrgID": ORGANIZATION} if ours else {}),
        **given,
    }
    asked = {k: tuple(v) if isinstance(v, list) else str(v) for k, v in context.items() if v != ""}
    rights = _policy("rights", [EVERYTHING], "identity")
    everybody = {"Service": by} if principal.kind == "service" else "*"
    open_to_all = _policy("open", [{**EVERYTHING, "Principal": everybody}], "resource")
    policies = Policies(
        identity=(rights,),
        resource=open_to_all,
        scps=_level("scp", guardrail.statements(FACTS)) if ours else (),
        rcps=_level("rcp", guardrail.resource_statements(FACTS)),
    )
    return authorize(Request(principal, action, resource, ACCOUNT, asked), policies)


def _policy(name: str, statements: list[Any], kind: Any) -> PolicyInForce:
    document = {"Version": "2012-10-17", "Statement": substitute(statements, KNOWN)}
    return PolicyInForce(parse_document(json.dumps(document), kind=kind), name)


def _level(kind: str, statements: tuple[Any, ...]) -> tuple[Level, ...]:
    if not statements:
        return ()
    allowed = {**EVERYTHING, "Principal": "*"} if kind == "rcp" else EVERYTHING
    everything = _policy("full", [allowed], kind)
    return (Level("root", (everything, _policy("guardrail", [dict(s) for s in statements], kind))),)
