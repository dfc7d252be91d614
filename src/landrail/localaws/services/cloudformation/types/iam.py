"""AWS::IAM: roles, policies, the OIDC provider, service-linked roles."""

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

TYPES = table(_ROLE, _MANAGED, _POLICY, _ROLE_POLICY, _OIDC, _LINKED)
