"""AWS::IAM policies: managed ones, and inline ones as resources of their own."""

from __future__ import annotations

from typing import Any

from landrail.localaws.services.cloudformation.types.documents import parsed, text
from landrail.localaws.services.cloudformation.types.kind import (
    Aspect,
    Context,
    Made,
    Props,
    ResourceType,
    found,
    gone,
    picked,
    table,
)
from landrail.localaws.services.cloudformation.types.shapes import (
    DOCUMENT,
    TEXT,
    some,
)


def _inline(context: Context, role: str, policy: str) -> Any:
    answer = found(context, "iam", "GetRolePolicy", RoleName=role, PolicyName=policy)
    return None if answer is None else parsed(answer["PolicyDocument"])


def _make_managed(context: Context, props: Props) -> Made:
    policy = context.call(
        "iam",
        "CreatePolicy",
        PolicyName=props["ManagedPolicyName"],
        PolicyDocument=text(props["PolicyDocument"]),
        **picked(props, "Path", "Description"),
    )["Policy"]
    return Made(policy["Arn"], {"PolicyArn": policy["Arn"], "PolicyId": policy["PolicyId"]})


def _versions(context: Context, arn: str) -> list[dict[str, Any]]:
    answer = found(context, "iam", "ListPolicyVersions", PolicyArn=arn) or {}
    return list(answer.get("Versions", []))


def _put_managed(context: Context, arn: str, new: Props, _: Props) -> None:
    spare = [v["VersionId"] for v in _versions(context, arn) if not v["IsDefaultVersion"]]
    if len(spare) >= 4:  # five versions are the most that a policy may have
        oldest = min(spare, key=lambda version: int(version[1:]))
        gone(context, "iam", "DeletePolicyVersion", PolicyArn=arn, VersionId=oldest)
    document = text(new["PolicyDocument"])
    context.call(
        "iam", "CreatePolicyVersion", PolicyArn=arn, PolicyDocument=document, SetAsDefault=True
    )


def _read_managed(context: Context, arn: str, _: Props) -> Props | None:
    answer = found(context, "iam", "GetPolicy", PolicyArn=arn)
    if answer is None:
        return None
    policy = answer["Policy"]
    version = context.call(
        "iam", "GetPolicyVersion", PolicyArn=arn, VersionId=policy["DefaultVersionId"]
    )["PolicyVersion"]
    return {
        "ManagedPolicyName": policy["PolicyName"],
        "PolicyDocument": parsed(version["Document"]),
        **picked(policy, "Path", "Description"),
    }


def _put_entities(context: Context, arn: str, new: Props, old: Props) -> None:
    for kind, one in (("Roles", "Role"), ("Users", "User"), ("Groups", "Group")):
        wanted, had = new.get(kind, []), old.get(kind, [])
        for name in wanted:
            if name not in had:
                context.call("iam", f"Attach{one}Policy", PolicyArn=arn, **{f"{one}Name": name})
        for name in had:
            if name not in wanted:
                gone(context, "iam", f"Detach{one}Policy", PolicyArn=arn, **{f"{one}Name": name})


def _entities(context: Context, arn: str) -> dict[str, list[str]]:
    answer = found(context, "iam", "ListEntitiesForPolicy", PolicyArn=arn) or {}
    return {
        "Roles": [r["RoleName"] for r in answer.get("PolicyRoles", [])],
        "Users": [u["UserName"] for u in answer.get("PolicyUsers", [])],
        "Groups": [g["GroupName"] for g in answer.get("PolicyGroups", [])],
    }


def _read_entities(context: Context, arn: str, desired: Props) -> Props:
    """Only the entities that the template names: others attach the policy themselves."""
    live = _entities(context, arn)
    return {kind: [n for n in live[kind] if n in desired.get(kind, [])] for kind in live}


def _delete_managed(context: Context, arn: str, props: Props) -> None:
    _put_entities(context, arn, {}, props)
    for version in _versions(context, arn):
        if not version["IsDefaultVersion"]:
            gone(
                context,
                "iam",
                "DeletePolicyVersion",
                PolicyArn=arn,
                VersionId=version["VersionId"],
            )
    gone(context, "iam", "DeletePolicy", PolicyArn=arn)


_MANAGED = ResourceType(
    name="AWS::IAM::ManagedPolicy",
    properties={
        "Description": TEXT,
        "Groups": some(TEXT),
        "ManagedPolicyName": TEXT,
        "Path": TEXT,
        "PolicyDocument": DOCUMENT,
        "Roles": some(TEXT),
        "Users": some(TEXT),
    },
    required=("PolicyDocument",),
    replaces=frozenset({"ManagedPolicyName", "Description", "Path"}),
    attributes=("PolicyArn", "PolicyId"),
    create=_make_managed,
    read=_read_managed,
    delete=_delete_managed,
    aspects=(
        Aspect(("PolicyDocument",), _put_managed, on_create=False),
        Aspect(("Roles", "Users", "Groups"), _put_entities, _read_entities),
    ),
    named_by="ManagedPolicyName",
    name_limit=128,
    identity=lambda c, p: (
        f"arn:aws:iam::{c.account}:policy{p.get('Path', '/')}{p['ManagedPolicyName']}"
    ),
    capability="ManagedPolicyName",
)


def _make_policy(context: Context, props: Props) -> Made:
    id_ = f"{context.stack_name[:24]}-{context.logical_id[:24]}-{props['PolicyName']}"
    _put_policy(context, id_, props, {})
    return Made(id_, {"Id": id_})


def _put_policy(context: Context, _: str, new: Props, old: Props) -> None:
    name = new["PolicyName"]
    for kind, one in (("Roles", "Role"), ("Users", "User"), ("Groups", "Group")):
        for entity in new.get(kind, []):
            context.call(
                "iam",
                f"Put{one}Policy",
                PolicyName=name,
                PolicyDocument=text(new["PolicyDocument"]),
                **{f"{one}Name": entity},
            )
        for entity in old.get(kind, []):
            if entity not in new.get(kind, []) or old["PolicyName"] != name:
                _drop_inline(context, one, entity, old["PolicyName"])


def _drop_inline(context: Context, one: str, entity: str, policy: str) -> None:
    gone(context, "iam", f"Delete{one}Policy", PolicyName=policy, **{f"{one}Name": entity})


def _read_policy(context: Context, _: str, desired: Props) -> Props | None:
    """The document as it stands on the entities named; the first that differs is shown."""
    live: dict[str, Any] = {"PolicyName": desired["PolicyName"]}
    documents = []
    for kind, one in (("Roles", "Role"), ("Users", "User"), ("Groups", "Group")):
        for entity in desired.get(kind, []):
            answer = found(
                context,
                "iam",
                f"Get{one}Policy",
                PolicyName=desired["PolicyName"],
                **{f"{one}Name": entity},
            )
            if answer is not None:
                live.setdefault(kind, []).append(entity)
                documents.append(parsed(answer["PolicyDocument"]))
    if not documents:
        return None
    strange = [d for d in documents if d != desired["PolicyDocument"]]
    return live | {"PolicyDocument": (strange or documents)[0]}


def _delete_policy(context: Context, _: str, props: Props) -> None:
    for kind, one in (("Roles", "Role"), ("Users", "User"), ("Groups", "Group")):
        for entity in props.get(kind, []):
            _drop_inline(context, one, entity, props["PolicyName"])


_POLICY = ResourceType(
    name="AWS::IAM::Policy",
    properties={
        "Groups": some(TEXT),
        "PolicyDocument": DOCUMENT,
        "PolicyName": TEXT,
        "Roles": some(TEXT),
        "Users": some(TEXT),
    },
    required=("PolicyDocument", "PolicyName"),
    attributes=("Id",),
    create=_make_policy,
    read=_read_policy,
    delete=_delete_policy,
    aspects=(
        Aspect(
            ("PolicyDocument", "PolicyName", "Roles", "Users", "Groups"),
            _put_policy,
            on_create=False,
        ),
    ),
    capability="",
)


def _put_role_policy(context: Context, _: str, new: Props, __: Props) -> None:
    context.call(
        "iam",
        "PutRolePolicy",
        PolicyDocument=text(new["PolicyDocument"]),
        **picked(new, "RoleName", "PolicyName"),
    )


def _make_role_policy(context: Context, props: Props) -> Made:
    _put_role_policy(context, "", props, {})
    return Made(f"{props['PolicyName']}|{props['RoleName']}")


def _read_role_policy(context: Context, _: str, desired: Props) -> Props | None:
    document = _inline(context, desired["RoleName"], desired["PolicyName"])
    if document is None:
        return None
    return {**picked(desired, "RoleName", "PolicyName"), "PolicyDocument": document}


_ROLE_POLICY = ResourceType(
    name="AWS::IAM::RolePolicy",
    properties={"PolicyDocument": DOCUMENT, "PolicyName": TEXT, "RoleName": TEXT},
    required=("PolicyDocument", "PolicyName", "RoleName"),
    replaces=frozenset({"PolicyName", "RoleName"}),
    create=_make_role_policy,
    read=_read_role_policy,
    delete=lambda c, _, p: _drop_inline(c, "Role", p["RoleName"], p["PolicyName"]),
    aspects=(Aspect(("PolicyDocument",), _put_role_policy, on_create=False),),
    capability="",
)


TYPES = table(_MANAGED, _POLICY, _ROLE_POLICY)
