"""A compiled platform with ids for its accounts, and decisions on it by the policy engine.

Policies in force are read off the templates alone: what is decided here is what AWS would decide of
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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
from landrail.policy.document import DocumentKind
from landrail.resources import Account, Attachment, Policy, Stack, Token, Wanted, substitute

ORGANIZATION = "o-landrail001"
REGION = "eu-west-1"
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
FULL = PolicyInForce(
    parse_document({"Version": "2012-10-17", "Statement": [EVERYTHING]}), "FullAWSAccess"
)
FULL_BY_KIND: dict[DocumentKind, PolicyInForce] = {
    "scp": FULL,
    "rcp": PolicyInForce(
        parse_document(
            {"Version": "2012-10-17", "Statement": [{**EVERYTHING, "Principal": "*"}]}, kind="any"
        ),
        "RCPFullAWSAccess",
    ),
}
TYPES: dict[DocumentKind, str] = {
    "scp": "SERVICE_CONTROL_POLICY",
    "rcp": "RESOURCE_CONTROL_POLICY",
}
_KINDS: dict[str, DocumentKind] = {"AssumeRolePolicyDocument": "trust"}


@dataclass
class World:
    """What was compiled, with every token replaced."""

    wanted: Wanted
    ids: dict[str, str] = field(init=False)
    values: dict[Token, str] = field(init=False)

    def __post_init__(self) -> None:
        accounts = self.wanted.of_kind(Account)
        self.ids = {a.name: f"{n:012d}" for n, a in enumerate(accounts, 100)}
        self.values = {Token("account", name): one for name, one in self.ids.items()}
        self.values[Token("organization", "")] = ORGANIZATION

    def resources(self, account: str) -> list[tuple[str, dict[str, Any]]]:
        return [
            (logical, substitute(made, self.values))
            for stack in self.wanted.of_kind(Stack)
            if stack.account == account
            for logical, made in stack.template["Resources"].items()
        ]

    def role(self, account: str, name: str) -> Principal:
        number = self.ids[account]
        return Principal(
            "session",
            f"arn:aws:sts::{number}:assumed-role/{name}/somebody",
            number,
            role_arn=f"arn:aws:iam::{number}:role/landrail/{name}",
            user_id="AROAEXAMPLE:somebody",
            session_name="somebody",
        )

    def identity(self, account: str, name: str) -> tuple[PolicyInForce, ...]:
        made = self.resources(account)
        (role,) = (r["Properties"] for _, r in made if r["Properties"].get("RoleName") == name)
        documents = [p["PolicyDocument"] for p in role.get("Policies", ())]
        by_logical = dict(made)
        for arn in role.get("ManagedPolicyArns", ()):
            if isinstance(arn, dict):
                documents.append(by_logical[arn["Ref"]]["Properties"]["PolicyDocument"])
            elif arn.endswith("/AdministratorAccess"):
                documents.append({"Version": "2012-10-17", "Statement": [EVERYTHING]})
        documents += [
            r["Properties"]["PolicyDocument"]
            for _, r in made
            if r["Type"] == "AWS::IAM::ManagedPolicy" and name in r["Properties"].get("Roles", ())
        ]
        return tuple(
            PolicyInForce(parse_document(d, kind="identity"), f"{name}-{n}", f"role/{name}")
            for n, d in enumerate(documents)
        )

    def scps(self, account: str) -> tuple[Level, ...]:
        return self._levels(account, "scp")

    def rcps(self, account: str) -> tuple[Level, ...]:
        return self._levels(account, "rcp")

    def _levels(self, account: str, kind: DocumentKind) -> tuple[Level, ...]:
        (made,) = (a for a in self.wanted.of_kind(Account) if a.name == account)
        if made.ou is None:
            return ()
        parts = made.ou.split("/")
        targets = ["root", *(f"ou/{'/'.join(parts[: n + 1])}" for n in range(len(parts)))]
        targets.append(f"account/{account}")
        return tuple(self.level(target, kind) for target in targets)

    def level(self, target: str, kind: DocumentKind = "scp") -> Level:
        return Level(target, (FULL_BY_KIND[kind], *self._attached(target, kind)))

    def _attached(self, target: str, kind: DocumentKind) -> list[PolicyInForce]:
        names = [a.policy for a in self.wanted.of_kind(Attachment) if a.target == target]
        return [
            PolicyInForce(
                parse_document(substitute(p.document, self.values), kind=kind), p.name, target
            )
            for p in self.wanted.of_kind(Policy)
            if p.name in names and p.type == TYPES[kind]
        ]

    def document_on(self, account: str, type_: str, key: str, **named: str) -> PolicyInForce:
        """Return the policy of the one resource of a type whose properties hold `named`."""
        for _, made in self.resources(account):
            properties = made["Properties"]
            if made["Type"] == type_ and all(properties.get(k) == v for k, v in named.items()):
                return PolicyInForce(
                    parse_document(properties[key], kind=_KINDS.get(key, "resource")), type_
                )
        raise LookupError(f"{account}: no {type_} with {named}")

    def bucket_policy(self, account: str, stack: str) -> PolicyInForce:
        return PolicyInForce(
            parse_document(self._in(account, stack, "BucketPolicy", "PolicyDocument")), stack
        )

    def key_policy(self, account: str, stack: str) -> PolicyInForce:
        return PolicyInForce(parse_document(self._in(account, stack, "Key", "KeyPolicy")), stack)

    def _in(self, account: str, stack: str, logical: str, key: str) -> dict[str, Any]:
        (found,) = (
            s for s in self.wanted.of_kind(Stack) if s.account == account and s.name == stack
        )
        properties = found.template["Resources"][logical]["Properties"]
        return dict(substitute(properties[key], self.values))

    def decide(
        self,
        account: str,
        role: str,
        action: str,
        resource: str,
        *,
        owner: str | None = None,
        resource_policy: PolicyInForce | None = None,
        scps: tuple[Level, ...] | None = None,
        **context: Any,
    ) -> Decision:
        """Decide a call of a role; `context` keys are written with `__` for `:`."""
        given: Mapping[str, Any] = {
            "aws:RequestedRegion": REGION,
            "aws:SecureTransport": "true",
            "aws:PrincipalOrgID": ORGANIZATION,
            "aws:ResourceOrgID": ORGANIZATION,
            "aws:CurrentTime": "2026-11-23T12:00:00Z",
            **{key.replace("__", ":"): value for key, value in context.items()},
        }
        request = Request(
            self.role(account, role),
            action,
            substitute(resource, self.values),
            self.ids[owner or account],
            given,
        )
        policies = Policies(
            identity=self.identity(account, role),
            resource=resource_policy,
            scps=self.scps(account) if scps is None else scps,
            rcps=self.rcps(owner or account),
        )
        return authorize(request, policies)
