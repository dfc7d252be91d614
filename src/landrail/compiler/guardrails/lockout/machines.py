"""The machines' roles, read off what was compiled: what each is allowed, and so must be able to do.

What a pipeline's or a job's policy names must be possible. Of the platform's, which is the same in
every account, and of patterns (`iam:Put*`, `*`) those actions must be that making the account's own
stacks takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from landrail.compiler.guardrails.lockout.stack_calls import REPAIRING, Calls, calls_of
from landrail.guardrails.powers import BREAK_GLASS, PLATFORM, VENDING_ROLE
from landrail.policy.glob import matcher, split
from landrail.policy.reference.actions import find_action
from landrail.resources import Account, Stack, Token, Wanted, substitute

ORGANIZATION = "o-landrail000"
"""The id that the organization is given while it is not known."""
_STUDIO = "studio-"
"""A person's execution role: like the roles that people enter, it may be denied what it has."""
_MANAGEMENT = "management"
_FIRST_ACCOUNT = 100_000_000_000
_NUMBER = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Need:
    """An action that a role must be able to do on a resource (a pattern, or `*`)."""

    action: str
    resource: str


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine's role in an account: its ARN, what it needs, who enters it (ARNs of roles, service
    principals, or `*` for people with a token), and the tags that it bears."""

    name: str
    account: str
    arn: str
    needs: tuple[Need, ...]
    entered_by: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Site:
    """What was compiled with ids in the place of tokens."""

    wanted: Wanted
    ids: Mapping[str, str]
    names: Mapping[str, str]
    values: Mapping[Token, str]

    @classmethod
    def of(cls, wanted: Wanted) -> Site:
        """Give every account an id of its own, and the organization one."""
        accounts = wanted.of_kind(Account)
        ids = {a.name: str(_FIRST_ACCOUNT + n) for n, a in enumerate(accounts)}
        values = {Token("account", name): number for name, number in ids.items()}
        values[Token("organization", "")] = ORGANIZATION
        return cls(wanted, ids, {number: name for name, number in ids.items()}, values)

    def owner(self, resource: str, account: str) -> str:
        """Return the account that owns a resource: the one whose id is in its ARN, else `account`;
        buckets' names end in their account's id."""
        for number in _NUMBER.findall(resource):
            if number in self.names:
                return self.names[number]
        return account


def machines(site: Site) -> Iterator[Machine]:
    """Yield the machines' roles of the member accounts."""
    for account in site.wanted.of_kind(Account):
        stacks = [s for s in site.wanted.of_kind(Stack) if s.account == account.name]
        if account.kind == _MANAGEMENT or not stacks:
            continue
        calls = _known(site, calls_of(stacks, site.ids[account.name]))
        resources = _resources(stacks)
        for logical, resource in resources:
            if resource["Type"] == "AWS::IAM::Role":
                machine = _machine(site, account.name, logical, resource, resources, calls)
                if machine is not None:
                    yield machine
        yield _vending(site, account.name, stacks)


def tags_of(site: Site, account: str) -> dict[str, str]:
    """Return the tags of the roles that an account's stacks make: CloudFormation gives what a stack
    makes the tags of the stack."""
    stacks = (s for s in site.wanted.of_kind(Stack) if s.account == account)
    return {name: value for stack in stacks for name, value in stack.tags.items()}


def _known(site: Site, calls: Calls) -> Calls:
    return {action: dict(substitute(on, site.values)) for action, on in calls.items()}


def _resources(stacks: Sequence[Stack]) -> list[tuple[str, Mapping[str, Any]]]:
    return [item for stack in stacks for item in stack.template["Resources"].items()]


def _machine(
    site: Site,
    account: str,
    logical: str,
    resource: Mapping[str, Any],
    resources: Sequence[tuple[str, Mapping[str, Any]]],
    calls: Calls,
) -> Machine | None:
    properties = resource["Properties"]
    name = str(properties["RoleName"])
    trust = substitute(properties["AssumeRolePolicyDocument"], site.values)
    entered_by = tuple(_trusted(trust["Statement"]))
    if name != BREAK_GLASS and ("*" in entered_by or name.startswith(_STUDIO)):
        return None
    statements = [
        statement
        for document in _documents(logical, properties, resources)
        for statement in substitute(document, site.values)["Statement"]
    ]
    arn = f"arn:aws:iam::{site.ids[account]}:role{properties.get('Path', '/')}{name}"
    if name == BREAK_GLASS:
        calls = {**{action: {"*": None} for action in REPAIRING}, **calls}
    found = _needs(statements, calls, named=name != PLATFORM)
    needs = tuple(dict.fromkeys(found))
    return Machine(name, account, arn, needs, entered_by, tags_of(site, account))


def _vending(site: Site, account: str, stacks: Sequence[Stack]) -> Machine:
    """Return the role of a new account, which makes its first stacks."""
    first = [stack for stack in stacks if stack.entered_by == VENDING_ROLE]
    calls = _known(site, calls_of(first, site.ids[account]))
    needs = tuple(Need(action, resource) for action, on in calls.items() for resource in on)
    arn = f"arn:aws:iam::{site.ids[account]}:role/{VENDING_ROLE}"
    return Machine(VENDING_ROLE, account, arn, needs)


def _trusted(statements: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for statement in statements:
        principal = statement.get("Principal", {})
        for kind, given in principal.items():
            for one in _listed(given):
                yield "*" if kind == "Federated" else one


def _documents(
    logical: str,
    properties: Mapping[str, Any],
    resources: Sequence[tuple[str, Mapping[str, Any]]],
) -> Iterator[Any]:
    """Yield the policies of a role that are compiled; those that AWS manages are not known."""
    for policy in properties.get("Policies", ()):
        yield policy["PolicyDocument"]
    refs = {arn["Ref"] for arn in properties.get("ManagedPolicyArns", ()) if isinstance(arn, dict)}
    for name, made in resources:
        if made["Type"] == "AWS::IAM::ManagedPolicy":
            held = made["Properties"].get("Roles", ())
            if name in refs or properties["RoleName"] in held or {"Ref": logical} in held:
                yield made["Properties"]["PolicyDocument"]


def _needs(statements: Sequence[Mapping[str, Any]], calls: Calls, *, named: bool) -> Iterator[Need]:
    for statement in statements:
        if statement["Effect"] != "Allow" or "Action" not in statement:
            continue
        resources = [str(r) for r in _listed(statement.get("Resource", "*"))]
        for action in map(str, _listed(statement["Action"])):
            if named and _is_action(action.removesuffix("*")):
                yield from (Need(action.removesuffix("*"), resource) for resource in resources)
            if named and not _is_pattern(action):
                continue
            for call in _matching(action, calls):
                known = {"*": None} if named and "*" not in resources else calls[call]
                for on in known:
                    yield from (Need(call, r) for r in _meant(on, resources))


def _matching(pattern: str, calls: Calls) -> Iterator[str]:
    if not _is_pattern(pattern):
        yield from (call for call in calls if call == pattern)
        return
    fits = matcher(split(pattern.lower(), wildcards=True, variables=False))
    yield from (call for call in calls if fits(call.lower()))


def _meant(on: str, resources: Sequence[str]) -> Iterator[str]:
    """Yield what a call is done to: the resource itself where a statement reaches it, or what the
    statement is about where the resource is not known."""
    for resource in resources:
        if on == "*":
            yield resource
        elif resource == "*" or matcher(split(resource, wildcards=True, variables=False))(on):
            yield on


def _is_action(text: str) -> bool:
    """Say whether a text is an action: one that a pattern (`kms:GenerateDataKey*`) begins with is
    meant by it before all others."""
    service, _, name = text.partition(":")
    return not _is_pattern(text) and find_action(service, name) is not None


def _is_pattern(text: str) -> bool:
    return "*" in text or "?" in text


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
