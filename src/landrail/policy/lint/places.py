"""Rules that differ by what the policy is for: principals, resources, SCPs, RCPs, trust policies.

Sources: the IAM JSON policy reference (Grammar, Principal, NotPrincipal), "SCP syntax", "RCP
syntax" of the Organizations User Guide, 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from landrail.policy.lint.arns import fields
from landrail.policy.lint.finding import Found
from landrail.policy.lint.subject import Subject
from landrail.policy.principal_names import PRINCIPAL_TYPES, names_somebody, type_meant

IAM_KINDS = frozenset({"identity", "boundary", "session", "trust"})
_WITHOUT_PRINCIPAL = frozenset({"identity", "boundary", "session", "scp"})
_WITH_PRINCIPAL = frozenset({"resource", "trust", "rcp", "endpoint"})
_WITH_RESOURCE = frozenset({"identity", "boundary", "session", "scp", "rcp"})
_ALPHANUMERIC = re.compile(r"[A-Za-z0-9]*\Z")
_ODD = re.compile(r"[^\t\n\r\x20-\xff]")
_PARTS = 6


def odd_character(subject: Subject) -> Iterator[Found]:
    """A character that IAM does not take in a policy."""
    if subject.kind in IAM_KINDS and (odd := _ODD.search(subject.text)):
        said = f"the character `{odd[0]}` (U+{ord(odd[0]):04X}) is not taken in a policy of IAM"
        yield Found(odd.start(), said, "write it as \\uXXXX only within U+0020 to U+00FF")


def id_not_allowed(subject: Subject) -> Iterator[Found]:
    """`Id` in an identity-based policy."""
    node = subject.root.get("Id") if subject.root else None
    if node is not None and subject.kind in ("identity", "boundary", "session"):
        yield Found(node, "`Id` is not allowed in an identity-based policy", "remove it")


def sid_characters(subject: Subject) -> Iterator[Found]:
    """A `Sid` with other than letters and digits where IAM keeps it."""
    if subject.kind not in ("identity", "boundary", "trust"):
        return
    for part in subject.parts:
        node = part.node.get("Sid")
        if node is not None and not _ALPHANUMERIC.match(str(node.value)):
            yield Found(node, f"the Sid `{node.value}` may hold letters and digits only")


def principal_not_allowed(subject: Subject) -> Iterator[Found]:
    """A principal where the policy is about whoever it is attached to."""
    for part in subject.parts:
        found = part.element("Principal")
        if found and subject.kind in _WITHOUT_PRINCIPAL:
            said = f"`{found[0]}` is not allowed in {_a(subject.kind)} policy"
            yield Found(found[1], said, "remove it; the policy is about whom it is attached to")
        elif found and found[0] == "NotPrincipal" and subject.kind in ("trust", "rcp"):
            yield Found(found[1], f"`NotPrincipal` is not allowed in {_a(subject.kind)} policy")


def missing_principal(subject: Subject) -> Iterator[Found]:
    """No principal where the policy must name one."""
    if subject.kind in _WITH_PRINCIPAL:
        for part in subject.parts:
            if part.element("Principal") is None:
                said = f"statement {part.number} names no principal"
                yield Found(part.node, said, "add `Principal`")


def missing_resource(subject: Subject) -> Iterator[Found]:
    """No resource where the policy must name one."""
    if subject.kind in _WITH_RESOURCE:
        for part in subject.parts:
            if part.element("Resource") is None:
                yield Found(part.node, f"statement {part.number} has no `Resource`", "add one")


def resource_not_allowed(subject: Subject) -> Iterator[Found]:
    """A resource in a trust policy, which is about the role it belongs to."""
    if subject.kind == "trust":
        for part in subject.parts:
            found = part.element("Resource")
            if found:
                yield Found(found[1], f"a trust policy has no `{found[0]}`", "remove it")


def bad_principal(subject: Subject) -> Iterator[Found]:
    """A principal that names nobody: an unknown type, a wildcard inside, a group, a short id."""
    for part in subject.parts:
        found = part.element("Principal")
        if found is None:
            continue
        node = found[1]
        if node.kind != "object" or not node.members:
            if node.value != "*":
                said = f"`{found[0]}` is neither `*` nor an object"
                yield Found(node, said, 'write {"AWS": "..."}')
            continue
        for key, _ in node.members:
            if key.value not in PRINCIPAL_TYPES:
                remedy = type_meant(str(key.value))
                yield Found(key, f"unknown kind of principal `{key.value}`", remedy)
        for kind, text, at in part.principals:
            if kind in PRINCIPAL_TYPES and not names_somebody(kind, text):
                remedy = "wildcards stand alone or not at all; accounts have 12 digits; no groups"
                yield Found(at, f"`{text}` names no principal of type `{kind}`", remedy)


def trust_action(subject: Subject) -> Iterator[Found]:
    """An action in a trust policy that is not about becoming the role."""
    if subject.kind != "trust":
        return
    for part in subject.parts:
        found = part.element("Action")
        if found and found[0] == "NotAction":
            yield Found(found[1], "`NotAction` is not allowed in a trust policy", "name `Action`")
            continue
        for action, node in part.actions:
            if not action.lower().startswith("sts:"):
                remedy = "such as sts:AssumeRole, sts:AssumeRoleWithWebIdentity, sts:TagSession"
                yield Found(node, f"a trust policy cannot have the action `{action}`", remedy)


def incomplete_session_arn(subject: Subject) -> Iterator[Found]:
    """An incomplete ARN in a session policy, where AWS does not complete it."""
    if subject.kind == "session":
        for part in subject.parts:
            for resource, node in part.resources:
                if resource.startswith("arn:") and len(fields(resource)) < _PARTS:
                    yield Found(node, f"the ARN `{resource}` is incomplete", "write all of it")


def organization_version(subject: Subject) -> Iterator[Found]:
    """An SCP or RCP without `Version` 2012-10-17."""
    if subject.kind in ("scp", "rcp") and subject.root and not subject.variables:
        node = subject.root.get("Version") or subject.root
        yield Found(node, f"an {subject.kind.upper()} needs `Version`", "write 2012-10-17")


def rcp_allows(subject: Subject) -> Iterator[Found]:
    """An `Allow` in an RCP of one's own."""
    if subject.kind == "rcp" and not _full_access(subject):
        for part in subject.parts:
            node = part.node.get("Effect")
            if node is not None and part.allows:
                yield Found(node, "an RCP only denies", "RCPFullAWSAccess, AWS's own, allows")


def rcp_action(subject: Subject) -> Iterator[Found]:
    """`NotAction`, or `*` alone, in an RCP."""
    if subject.kind != "rcp" or _full_access(subject):
        return
    for part in subject.parts:
        found = part.element("Action")
        if found and found[0] == "NotAction":
            yield Found(found[1], "`NotAction` is not allowed in an RCP", "name `Action`")
            continue
        for action, node in part.actions:
            if action in ("*", "*:*"):
                yield Found(node, "the action of an RCP names a service", "such as `s3:*`")


def rcp_principal(subject: Subject) -> Iterator[Found]:
    """A principal other than `*` in an RCP."""
    if subject.kind == "rcp":
        for part in subject.parts:
            for _, text, node in part.principals:
                if text != "*":
                    yield Found(node, "the principal of an RCP is `*`", "use a condition")


def _full_access(subject: Subject) -> bool:
    """Whether it is RCPFullAWSAccess, which AWS keeps attached everywhere."""
    if len(subject.parts) != 1:
        return False
    part = subject.parts[0]
    all_actions = [a for a, _ in part.actions] == ["*"] and not part.not_action
    all_resources = [r for r, _ in part.resources] == ["*"] and not part.not_resource
    return part.allows and all_actions and all_resources and not part.tests


def _a(kind: str) -> str:
    if kind in ("scp", "rcp"):
        return f"an {kind.upper()}, a"
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
