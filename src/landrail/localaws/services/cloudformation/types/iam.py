"""AWS::IAM: roles, the OIDC provider, service-linked roles; policies are in `iam_policies`."""

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
    INTEGER,
    TAGS,
    TEXT,
    many,
    obj,
    some,
)
from landrail.localaws.services.cloudformation.types.tagging import tags_aspect

_INLINE = obj("PolicyName", "PolicyDocument", PolicyName=TEXT, PolicyDocument=DOCUMENT)


def _make_role(context: Context, props: Props) -> Made:
    role = context.call(
        "iam",
        "CreateRole",
        RoleName=props["RoleName"],
        AssumeRolePolicyDocument=text(props["AssumeRolePolicyDocument"]),
        Tags=props.get("Tags") or None,
        **picked(props, "Path", "Description", "MaxSessionDuration", "PermissionsBoundary"),
    )["Role"]
    return Made(role["RoleName"], {"Arn": role["Arn"], "RoleId": role["RoleId"]})


def _read_role(context: Context, name: str, _: Props) -> Props | None:
    answer = found(context, "iam", "GetRole", RoleName=name)
    if answer is None:
        return None
    role = answer["Role"]
    live: dict[str, Any] = {
        "RoleName": name,
        "AssumeRolePolicyDocument": parsed(role["AssumeRolePolicyDocument"]),
        "Tags": role.get("Tags", []),
        **picked(role, "Path", "Description", "MaxSessionDuration"),
    }
    boundary = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return live | ({"PermissionsBoundary": boundary} if boundary else {})


def _put_trust(context: Context, name: str, new: Props, _: Props) -> None:
    document = text(new["AssumeRolePolicyDocument"])
    context.call("iam", "UpdateAssumeRolePolicy", RoleName=name, PolicyDocument=document)


def _put_session(context: Context, name: str, new: Props, _: Props) -> None:
    context.call(
        "iam",
        "UpdateRole",
        RoleName=name,
        Description=new.get("Description", ""),
        MaxSessionDuration=new.get("MaxSessionDuration", 3600),
    )


def _put_boundary(context: Context, name: str, new: Props, _: Props) -> None:
    arn = new.get("PermissionsBoundary")
    if arn:
        context.call("iam", "PutRolePermissionsBoundary", RoleName=name, PermissionsBoundary=arn)
    else:
        gone(context, "iam", "DeleteRolePermissionsBoundary", RoleName=name)


def _put_attached(context: Context, name: str, new: Props, old: Props) -> None:
    wanted, had = new.get("ManagedPolicyArns", []), old.get("ManagedPolicyArns", [])
    for arn in wanted:
        if arn not in had:
            context.call("iam", "AttachRolePolicy", RoleName=name, PolicyArn=arn)
    for arn in had:
        if arn not in wanted:
            gone(context, "iam", "DetachRolePolicy", RoleName=name, PolicyArn=arn)


def _attached(context: Context, name: str) -> list[str]:
    answer = found(context, "iam", "ListAttachedRolePolicies", RoleName=name) or {}
    return [policy["PolicyArn"] for policy in answer.get("AttachedPolicies", [])]


def _read_attached(context: Context, name: str, desired: Props) -> Props:
    theirs = {
        p.get("ManagedPolicyName")
        for p in context.neighbours("AWS::IAM::ManagedPolicy")
        if name in p.get("Roles", [])
    }
    wanted = desired.get("ManagedPolicyArns", [])
    arns = [a for a in _attached(context, name) if a in wanted or a.split("/")[-1] not in theirs]
    return {"ManagedPolicyArns": arns}


def _put_inline(context: Context, name: str, new: Props, old: Props) -> None:
    wanted = {p["PolicyName"]: p["PolicyDocument"] for p in new.get("Policies", [])}
    had = {p["PolicyName"]: p["PolicyDocument"] for p in old.get("Policies", [])}
    for policy, document in wanted.items():
        if had.get(policy) != document:
            context.call(
                "iam",
                "PutRolePolicy",
                RoleName=name,
                PolicyName=policy,
                PolicyDocument=text(document),
            )
    for policy in had:
        if policy not in wanted:
            gone(context, "iam", "DeleteRolePolicy", RoleName=name, PolicyName=policy)


def _inline(context: Context, role: str, policy: str) -> Any:
    answer = found(context, "iam", "GetRolePolicy", RoleName=role, PolicyName=policy)
    return None if answer is None else parsed(answer["PolicyDocument"])


def _read_inline(context: Context, name: str, desired: Props) -> Props:
    answer = found(context, "iam", "ListRolePolicies", RoleName=name) or {}
    wanted = {p["PolicyName"] for p in desired.get("Policies", [])}
    theirs = {
        p["PolicyName"]
        for p in context.neighbours("AWS::IAM::Policy", "AWS::IAM::RolePolicy")
        if name in p.get("Roles", []) or p.get("RoleName") == name
    }
    return {
        "Policies": [
            {"PolicyName": policy, "PolicyDocument": _inline(context, name, policy)}
            for policy in answer.get("PolicyNames", [])
            if policy in wanted or policy not in theirs
        ]
    }


def _delete_role(context: Context, name: str, _: Props) -> None:
    for arn in _attached(context, name):
        gone(context, "iam", "DetachRolePolicy", RoleName=name, PolicyArn=arn)
    answer = found(context, "iam", "ListRolePolicies", RoleName=name) or {}
    for policy in answer.get("PolicyNames", []):
        gone(context, "iam", "DeleteRolePolicy", RoleName=name, PolicyName=policy)
    gone(context, "iam", "DeleteRole", RoleName=name)


_ROLE = ResourceType(
    name="AWS::IAM::Role",
    properties={
        "AssumeRolePolicyDocument": DOCUMENT,
        "Description": TEXT,
        "ManagedPolicyArns": some(TEXT),
        "MaxSessionDuration": INTEGER,
        "Path": TEXT,
        "PermissionsBoundary": TEXT,
        "Policies": some(_INLINE, key="PolicyName"),
        "RoleName": TEXT,
        "Tags": TAGS,
    },
    required=("AssumeRolePolicyDocument",),
    replaces=frozenset({"Path", "RoleName"}),
    attributes=("Arn", "RoleId"),
    create=_make_role,
    read=_read_role,
    delete=_delete_role,
    aspects=(
        Aspect(("AssumeRolePolicyDocument",), _put_trust, on_create=False),
        Aspect(("Description", "MaxSessionDuration"), _put_session, on_create=False),
        Aspect(("PermissionsBoundary",), _put_boundary, on_create=False),
        Aspect(("ManagedPolicyArns",), _put_attached, _read_attached),
        Aspect(("Policies",), _put_inline, _read_inline),
        tags_aspect(
            lambda c, name, tags: c.call("iam", "TagRole", RoleName=name, Tags=tags),
            lambda c, name, keys: c.call("iam", "UntagRole", RoleName=name, TagKeys=keys),
        ),
    ),
    named_by="RoleName",
    tags="Tags",
    identity=lambda _, props: props["RoleName"],
    capability="RoleName",
)


def _make_oidc(context: Context, props: Props) -> Made:
    arn = context.call(
        "iam",
        "CreateOpenIDConnectProvider",
        Url=props["Url"],
        ClientIDList=props.get("ClientIdList"),
        ThumbprintList=props.get("ThumbprintList", []),
        Tags=props.get("Tags") or None,
    )["OpenIDConnectProviderArn"]
    return Made(arn, {"Arn": arn})


def _read_oidc(context: Context, arn: str, desired: Props) -> Props | None:
    answer = found(context, "iam", "GetOpenIDConnectProvider", OpenIDConnectProviderArn=arn)
    if answer is None:
        return None
    return {
        "Url": desired["Url"],  # the API gives it back without its scheme
        "ClientIdList": answer.get("ClientIDList", []),
        "ThumbprintList": answer.get("ThumbprintList", []),
        "Tags": answer.get("Tags", []),
    }


def _put_clients(context: Context, arn: str, new: Props, old: Props) -> None:
    wanted, had = new.get("ClientIdList", []), old.get("ClientIdList", [])
    for operation, clients in (
        ("AddClientIDToOpenIDConnectProvider", [c for c in wanted if c not in had]),
        ("RemoveClientIDFromOpenIDConnectProvider", [c for c in had if c not in wanted]),
    ):
        for client in clients:
            context.call("iam", operation, OpenIDConnectProviderArn=arn, ClientID=client)


def _put_thumbprints(context: Context, arn: str, new: Props, _: Props) -> None:
    context.call(
        "iam",
        "UpdateOpenIDConnectProviderThumbprint",
        OpenIDConnectProviderArn=arn,
        ThumbprintList=new.get("ThumbprintList", []),
    )


_OIDC = ResourceType(
    name="AWS::IAM::OIDCProvider",
    properties={
        "ClientIdList": some(TEXT),
        "Tags": TAGS,
        "ThumbprintList": many(TEXT),
        "Url": TEXT,
    },
    required=("Url",),
    replaces=frozenset({"Url"}),
    attributes=("Arn",),
    create=_make_oidc,
    read=_read_oidc,
    delete=lambda c, arn, _: gone(
        c, "iam", "DeleteOpenIDConnectProvider", OpenIDConnectProviderArn=arn
    ),
    aspects=(
        Aspect(("ClientIdList",), _put_clients, on_create=False),
        Aspect(("ThumbprintList",), _put_thumbprints, on_create=False),
        tags_aspect(
            lambda c, arn, tags: c.call(
                "iam", "TagOpenIDConnectProvider", OpenIDConnectProviderArn=arn, Tags=tags
            ),
            lambda c, arn, keys: c.call(
                "iam", "UntagOpenIDConnectProvider", OpenIDConnectProviderArn=arn, TagKeys=keys
            ),
        ),
    ),
    tags="Tags",
    identity=lambda c, p: (
        f"arn:aws:iam::{c.account}:oidc-provider/{p['Url'].split('://', 1)[-1].rstrip('/')}"
    ),
)


def _make_linked(context: Context, props: Props) -> Made:
    role = context.call(
        "iam",
        "CreateServiceLinkedRole",
        **picked(props, "AWSServiceName", "Description", "CustomSuffix"),
    )["Role"]
    return Made(role["RoleName"], {"RoleName": role["RoleName"]})


def _read_linked(context: Context, name: str, desired: Props) -> Props | None:
    answer = found(context, "iam", "GetRole", RoleName=name)
    if answer is None:
        return None
    return {
        **picked(desired, "AWSServiceName", "CustomSuffix"),
        **picked(answer["Role"], "Description"),
    }


def _put_description(context: Context, name: str, new: Props, _: Props) -> None:
    text_ = new.get("Description", "")
    context.call("iam", "UpdateRoleDescription", RoleName=name, Description=text_)


_LINKED = ResourceType(
    name="AWS::IAM::ServiceLinkedRole",
    properties={"AWSServiceName": TEXT, "CustomSuffix": TEXT, "Description": TEXT},
    required=("AWSServiceName",),
    replaces=frozenset({"AWSServiceName", "CustomSuffix"}),
    attributes=("RoleName",),
    create=_make_linked,
    read=_read_linked,
    delete=lambda c, name, _: gone(c, "iam", "DeleteServiceLinkedRole", RoleName=name),
    aspects=(Aspect(("Description",), _put_description, on_create=False),),
)

TYPES = table(_ROLE, _OIDC, _LINKED)
