"""AWS::CodeArtifact: domains and repositories of packages."""

from __future__ import annotations

from typing import Any

from landrail.localaws.services.cloudformation.types.documents import (
    parsed,
    text,
)
from landrail.localaws.services.cloudformation.types.kind import (
    Aspect,
    Context,
    Made,
    Props,
    ResourceType,
    found,
    gone,
    table,
)
from landrail.localaws.services.cloudformation.types.shapes import (
    DOCUMENT,
    TAGS,
    TEXT,
    many,
    some,
)
from landrail.localaws.services.cloudformation.types.tagging import (
    spelled,
    tags_aspect,
    unspelled,
)


def _domain_arn(context: Context, props: Props) -> str:
    place = f"arn:aws:codeartifact:{context.region}:{context.account}"
    return f"{place}:domain/{props['DomainName']}"


def _make_domain(context: Context, props: Props) -> Made:
    made = context.call(
        "codeartifact",
        "CreateDomain",
        domain=props["DomainName"],
        encryptionKey=props.get("EncryptionKey"),
        tags=spelled(props.get("Tags"), "key", "value"),
    )["domain"]
    return Made(made["arn"], _domain_attributes(made))


def _domain_attributes(made: Props) -> dict[str, str]:
    return {
        "Arn": made["arn"],
        "EncryptionKey": made.get("encryptionKey", ""),
        "Name": made["name"],
        "Owner": made["owner"],
    }


def _domain(context: Context, props: Props) -> dict[str, Any] | None:
    answer = found(context, "codeartifact", "DescribeDomain", domain=props["DomainName"])
    return None if answer is None else answer["domain"]


def _read_domain(context: Context, _: str, desired: Props) -> Props | None:
    made = _domain(context, desired)
    if made is None:
        return None
    return {"DomainName": made["name"], "EncryptionKey": made.get("encryptionKey", "")}


def _put_domain_policy(context: Context, _: str, new: Props, __: Props) -> None:
    policy = text(new.get("PermissionsPolicyDocument"))
    name = new["DomainName"]
    if policy is None:
        gone(context, "codeartifact", "DeleteDomainPermissionsPolicy", domain=name)
    else:
        context.call(
            "codeartifact", "PutDomainPermissionsPolicy", domain=name, policyDocument=policy
        )


def _read_domain_policy(context: Context, _: str, desired: Props) -> Props:
    answer = found(
        context, "codeartifact", "GetDomainPermissionsPolicy", domain=desired["DomainName"]
    )
    policy = (answer or {}).get("policy", {}).get("document")
    return {"PermissionsPolicyDocument": parsed(policy)} if policy else {}


def _artifact_tags() -> Aspect:
    def read(context: Context, arn: str, _: Props) -> Props:
        answer = context.call("codeartifact", "ListTagsForResource", resourceArn=arn)
        return {"Tags": unspelled(answer.get("tags"), "key", "value")}

    return tags_aspect(
        lambda c, arn, tags: c.call(
            "codeartifact",
            "TagResource",
            resourceArn=arn,
            tags=spelled(tags, "key", "value"),
        ),
        lambda c, arn, keys: c.call("codeartifact", "UntagResource", resourceArn=arn, tagKeys=keys),
        read,
    )


_DOMAIN = ResourceType(
    name="AWS::CodeArtifact::Domain",
    properties={
        "DomainName": TEXT,
        "EncryptionKey": TEXT,
        "PermissionsPolicyDocument": DOCUMENT,
        "Tags": TAGS,
    },
    required=("DomainName",),
    replaces=frozenset({"DomainName", "EncryptionKey"}),
    attributes=("Arn", "EncryptionKey", "Name", "Owner"),
    create=_make_domain,
    read=_read_domain,
    delete=lambda c, _, p: gone(c, "codeartifact", "DeleteDomain", domain=p["DomainName"]),
    aspects=(
        Aspect(("PermissionsPolicyDocument",), _put_domain_policy, _read_domain_policy),
        _artifact_tags(),
    ),
    tags="Tags",
    stateful=True,
    identity=_domain_arn,
    refresh=lambda c, _, props: _domain_attributes(_domain(c, props) or {}),
)

_PLACE = {"DomainName": "domain", "DomainOwner": "domainOwner", "RepositoryName": "repository"}


def _placed(props: Props) -> dict[str, Any]:
    return {call: props[name] for name, call in _PLACE.items() if name in props}


def _upstreams(props: Props) -> list[dict[str, str]]:
    return [{"repositoryName": name} for name in props.get("Upstreams", [])]


def _make_packages(context: Context, props: Props) -> Made:
    made = context.call(
        "codeartifact",
        "CreateRepository",
        description=props.get("Description"),
        upstreams=_upstreams(props) or None,
        tags=spelled(props.get("Tags"), "key", "value"),
        **_placed(props),
    )["repository"]
    return Made(made["arn"], _packages_attributes(made))


def _packages_attributes(made: Props) -> dict[str, str]:
    return {
        "Arn": made["arn"],
        "DomainName": made["domainName"],
        "DomainOwner": made["domainOwner"],
        "Name": made["name"],
    }


def _packages(context: Context, props: Props) -> dict[str, Any] | None:
    answer = found(context, "codeartifact", "DescribeRepository", **_placed(props))
    return None if answer is None else answer["repository"]


def _read_packages(context: Context, _: str, desired: Props) -> Props | None:
    made = _packages(context, desired)
    if made is None:
        return None
    connections = made.get("externalConnections", [])
    return {
        "DomainName": made["domainName"],
        "DomainOwner": made["domainOwner"],
        "RepositoryName": made["name"],
        "Description": made.get("description", ""),
        "Upstreams": [upstream["repositoryName"] for upstream in made.get("upstreams", [])],
        "ExternalConnections": [c["externalConnectionName"] for c in connections],
    }


def _put_packages(context: Context, _: str, new: Props, __: Props) -> None:
    context.call(
        "codeartifact",
        "UpdateRepository",
        description=new.get("Description", ""),
        upstreams=_upstreams(new),
        **_placed(new),
    )


def _put_connections(context: Context, _: str, new: Props, old: Props) -> None:
    wanted, had = new.get("ExternalConnections", []), old.get("ExternalConnections", [])
    for verb, names in (
        ("Disassociate", [n for n in had if n not in wanted]),
        ("Associate", [n for n in wanted if n not in had]),
    ):
        for name in names:
            context.call(
                "codeartifact",
                f"{verb}ExternalConnection",
                externalConnection=name,
                **_placed(new),
            )


def _put_packages_policy(context: Context, _: str, new: Props, __: Props) -> None:
    policy = text(new.get("PermissionsPolicyDocument"))
    if policy is None:
        gone(context, "codeartifact", "DeleteRepositoryPermissionsPolicy", **_placed(new))
    else:
        context.call(
            "codeartifact",
            "PutRepositoryPermissionsPolicy",
            policyDocument=policy,
            **_placed(new),
        )


def _read_packages_policy(context: Context, _: str, desired: Props) -> Props:
    answer = found(context, "codeartifact", "GetRepositoryPermissionsPolicy", **_placed(desired))
    policy = (answer or {}).get("policy", {}).get("document")
    return {"PermissionsPolicyDocument": parsed(policy)} if policy else {}


_PACKAGES = ResourceType(
    name="AWS::CodeArtifact::Repository",
    properties={
        "Description": TEXT,
        "DomainName": TEXT,
        "DomainOwner": TEXT,
        "ExternalConnections": some(TEXT),
        "PermissionsPolicyDocument": DOCUMENT,
        "RepositoryName": TEXT,
        "Tags": TAGS,
        "Upstreams": many(TEXT),
    },
    required=("DomainName", "RepositoryName"),
    replaces=frozenset({"DomainName", "DomainOwner", "RepositoryName"}),
    attributes=("Arn", "DomainName", "DomainOwner", "Name"),
    create=_make_packages,
    read=_read_packages,
    delete=lambda c, _, p: gone(c, "codeartifact", "DeleteRepository", **_placed(p)),
    aspects=(
        Aspect(("Description", "Upstreams"), _put_packages, on_create=False),
        Aspect(("ExternalConnections",), _put_connections),
        Aspect(("PermissionsPolicyDocument",), _put_packages_policy, _read_packages_policy),
        _artifact_tags(),
    ),
    tags="Tags",
    stateful=True,
    identity=lambda c, p: (
        f"arn:aws:codeartifact:{c.region}:{p.get('DomainOwner', c.account)}:repository/"
        f"{p['DomainName']}/{p['RepositoryName']}"
    ),
    refresh=lambda c, _, props: _packages_attributes(_packages(c, props) or {}),
)

TYPES = table(_DOMAIN, _PACKAGES)
