"""Checks of what is allowed and yet of no effect, or of more than meant, in one kind of policy."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.policy.lint.actions import named
from landrail.policy.lint.finding import Found
from landrail.policy.lint.subject import Part, Subject
from landrail.policy.reference.rcp import RCP_SERVICES
from landrail.policy.reference.services import matching, prefixes

_MORE_POWER = (
    "AddUserToGroup",
    "AttachGroupPolicy",
    "AttachRolePolicy",
    "AttachUserPolicy",
    "CreateAccessKey",
    "CreateLoginProfile",
    "CreatePolicyVersion",
    "DeleteRolePermissionsBoundary",
    "DeleteUserPermissionsBoundary",
    "PutGroupPolicy",
    "PutRolePermissionsBoundary",
    "PutRolePolicy",
    "PutUserPermissionsBoundary",
    "PutUserPolicy",
    "SetDefaultPolicyVersion",
    "UpdateAssumeRolePolicy",
    "UpdateLoginProfile",
)


def missing_version(subject: Subject) -> Iterator[Found]:
    """No `Version`: AWS then takes the old one, which has no variables."""
    root = subject.root
    wanted = root is not None and root.kind == "object" and subject.kind not in ("scp", "rcp")
    if root is not None and wanted and subject.version is None:
        yield Found(root, "`Version` is missing", 'write "Version": "2012-10-17"')


def old_version(subject: Subject) -> Iterator[Found]:
    """`Version` 2008-10-17."""
    node = subject.root.get("Version") if subject.root else None
    if node is not None and node.value == "2008-10-17" and subject.kind not in ("scp", "rcp"):
        yield Found(node, "`Version` 2008-10-17 is the old language", "write 2012-10-17")


def rcp_out_of_reach(subject: Subject) -> Iterator[Found]:
    """An action in an RCP of a service that RCPs do not reach."""
    if subject.kind == "rcp":
        for _, prefix, name, node in named(subject):
            if prefix in prefixes() and prefix not in RCP_SERVICES:
                said = f"RCPs do not reach `{prefix}`, so `{prefix}:{name}` is not denied"
                yield Found(node, said, "deny it with an SCP")


def rcp_hits_services(subject: Subject) -> Iterator[Found]:
    """An RCP that denies by the caller's organization or network, and with it AWS's services."""
    if subject.kind != "rcp":
        return
    for part in subject.parts:
        if "aws:principalisawsservice" in part.tested:
            continue
        for test in part.tests:
            negated = test.operator is not None and test.operator.negated
            if negated and test.lower.startswith(("aws:principalorg", "aws:sourcevpc")):
                said = f"AWS's own services have no `{test.key}` and are denied too"
                remedy = 'add "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}'
                yield Found(test.operator_at, said, remedy)


def gives_itself_more(subject: Subject) -> Iterator[Found]:
    """`Allow` of what changes anybody's permissions, on `*` and without a condition."""
    if subject.kind not in ("identity", "any"):
        return
    for part in subject.parts:
        if not part.allows or part.not_action or part.tests:
            continue
        if part.not_resource or not any(r == "*" for r, _ in part.resources):
            continue
        for action, node in part.actions:
            if action.lower().startswith("iam:"):
                power = [name for name in matching(action) if name in _MORE_POWER]
                if power:
                    said = (
                        f"`{action}` on `*` ({power[0]}) lets the caller give itself any permission"
                    )
                    yield Found(node, said, "name resources, or test iam:PermissionsBoundary")


def assumes_any_role(subject: Subject) -> Iterator[Found]:
    """`sts:AssumeRole` on every role of every account."""
    if subject.kind not in ("identity", "any"):
        return
    for part in subject.parts:
        if not part.allows or part.not_action or part.not_resource or part.tests:
            continue
        if part.element("Principal") is not None:
            continue
        wide = any(r in ("*", "arn:aws:iam::*:role/*") for r, _ in part.resources)
        for action, node in part.actions:
            if wide and action.lower() in ("sts:assumerole", "sts:*", "sts:assumerole*"):
                said = f"`{action}` on every role of every account that trusts this one"
                yield Found(node, said, "name the roles")


def creates_any_linked_role(subject: Subject) -> Iterator[Found]:
    """`iam:CreateServiceLinkedRole` for every service."""
    if subject.kind not in ("identity", "any"):
        return
    for part in subject.parts:
        if not part.allows or part.not_action or "iam:awsservicename" in part.tested:
            continue
        wide = part.not_resource or any(r == "*" for r, _ in part.resources)
        for action, node in part.actions:
            if wide and action.lower() == "iam:createservicelinkedrole":
                said = f"`{action}` on `*` makes a service-linked role for any service"
                yield Found(node, said, "test iam:AWSServiceName")


def empty_sid(subject: Subject) -> Iterator[Found]:
    """A `Sid` that is empty."""
    for part in subject.parts:
        node = part.node.get("Sid")
        if node is not None and node.value == "":
            yield Found(node, "the Sid is empty", "name the statement, or leave `Sid` out")


def services_mixed(subject: Subject) -> Iterator[Found]:
    """Actions of several services in the policy of one resource."""
    if subject.kind != "resource":
        return
    first: str | None = None
    for part, prefix, _, node in named(subject):
        if not part.allows:
            continue
        if first is not None and prefix != first and not prefix.startswith(first.split("-")[0]):
            said = f"`{prefix}` beside `{first}`: a resource's policy is about its own service"
            yield Found(node, said, "AWS refuses or ignores the actions of others")
            return
        first = first or prefix


def empty_condition(subject: Subject) -> Iterator[Found]:
    """A `Condition` without operators."""
    for part in subject.parts:
        node = part.node.get("Condition")
        if node is not None and node.kind == "object" and not node.members:
            yield Found(node, "the condition is empty and always holds", "remove it")


def scp_allows_with_condition(subject: Subject) -> Iterator[Found]:
    """An SCP that only allows some actions: with it alone at a level, all others are denied."""
    if subject.kind != "scp" or any(part.denies for part in subject.parts):
        return
    for part in subject.parts:
        if part.allows and not _allows_all(part):
            said = "where this is the only SCP of a level, all other actions are denied there"
            yield Found(part.node, said, "keep FullAWSAccess beside it, or mean it")
            return


def _allows_all(part: Part) -> bool:
    return any(a in ("*", "*:*") for a, _ in part.actions) and not part.not_action
