"""The resource's side: its policy, grants on a key, S3's public access settings, its tags."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from landrail.localaws.layers.access_points import restricts_point
from landrail.localaws.layers.acl import granted_by_list
from landrail.localaws.layers.documents import in_force
from landrail.localaws.layers.public_access import blocks_in_force
from landrail.localaws.layers.sources import Sources
from landrail.policy import ContextValue, Grant, PolicyInForce

Finder = Callable[[str, str, str], str | None]
"""Gives the resource policy of a service of ours: `(account, region, arn) -> JSON or None`."""

TagFinder = Callable[[str, str, str], Mapping[str, str] | None]
"""Gives the tags of a resource of a service of ours; None where the store is to be asked."""

_ARN_PARTS = 6
_BUCKET = "arn:aws:s3:::"
_DELEGATING = (
    '{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "kms:*", '
    '"Principal": {{"AWS": "arn:aws:iam::{}:root"}}, "Resource": "*"}}}}'
)
_ENTERING = ("sts:assumerole", "sts:tagsession", "sts:setsourceidentity")


def resource_policy(
    action: str,
    resource: str,
    account: str,
    region: str,
    sources: Sources,
    finder: Finder,
    *,
    direct: bool = True,
) -> PolicyInForce | None:
    """Return the policy on the resource; for entering a role, its trust policy. `direct`: the call
    is to the resource's own service, and not what another asks on the caller's behalf."""
    parts = resource.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return None
    service, name = parts[2], parts[5]
    if service == "iam":
        return _trust(action, resource, account, name, sources)
    if service == "s3" and name.startswith("accesspoint/"):
        return _of_point(resource, sources)
    if service == "s3":
        return _of_bucket(name, sources)
    if service == "kms":
        return _of_key(resource, account, parts[3], name, sources, direct=direct)
    where = parts[3] or region
    for arn in (resource, *_holders(parts)):
        text = finder(account, where, arn) or sources.resource_policy(account, where, arn)
        if text:
            return _named(text, "resource policy", arn)
    return None


def _of_key(
    resource: str, account: str, region: str, name: str, sources: Sources, *, direct: bool
) -> PolicyInForce | None:
    """The key's policy. A key that is not there, or is being made, has none: for a call to KMS
    itself, which will find nothing, identity policies of its account say who may learn that. What
    another service would do with it is not done."""
    if name.startswith("alias/"):
        if sources.key_arn(account, region, name) is not None:
            return None
        text = None
    elif name.startswith("key/"):
        text = sources.key_policy(account, region, name.removeprefix("key/"))
    else:
        return None
    if text is None and direct:
        text = _DELEGATING.format(account)
    return _named(text, "key policy", resource)


def _of_point(resource: str, sources: Sources) -> PolicyInForce | None:
    """The policy of an access point. Lists grant at buckets and objects, and nothing here."""
    point = sources.access_point_at(resource)
    if point is None:
        return None
    return _named(point.policy, f"policy of access point {point.name}", point.arn)


def bucket_list(action: str, resource: str, account: str, sources: Sources) -> PolicyInForce | None:
    """Return what access control lists of a bucket or object grant, where they are in use."""
    if not resource.startswith(_BUCKET):
        return None
    bucket, _, key = resource.removeprefix(_BUCKET).partition("/")
    listed = granted_by_list(action, bucket, key, account, sources)
    if listed is None:
        return None
    return PolicyInForce(listed, f"access control list of {bucket}", f"{_BUCKET}{bucket}")


def _of_bucket(name: str, sources: Sources) -> PolicyInForce | None:
    bucket = name.partition("/")[0]
    text = sources.bucket_policy(bucket)
    return _named(text, f"bucket policy of {bucket}", f"{_BUCKET}{bucket}")


def _named(text: str | None, name: str, attached_to: str) -> PolicyInForce | None:
    return in_force(name, text, attached_to, "resource") if text else None


def _trust(
    action: str, resource: str, account: str, name: str, sources: Sources
) -> PolicyInForce | None:
    if not (action.lower().startswith(_ENTERING) and name.startswith("role/")):
        return None
    role = sources.iam_role(account, name.rpartition("/")[2])
    if role is None or role.arn != resource:
        return None
    return in_force("trust policy", role.trust, name, "trust")


def _holders(parts: list[str]) -> list[str]:
    """What holds a resource and carries its policy: a package's group, repository and domain."""
    base, path = ":".join(parts[:-1]), parts[-1].split("/")
    if parts[2] == "sagemaker" and path[0] == "model-package" and len(path) > 1:
        return [f"{base}:model-package-group/{path[1]}"]
    if parts[2] == "codeartifact" and path[0] == "package" and len(path) > 2:
        return [f"{base}:repository/{path[1]}/{path[2]}"]
    if parts[2] == "glue" and path[0] in ("database", "table"):
        return [f"{base}:catalog"]
    return []


def key_grants(resource: str, account: str, sources: Sources) -> tuple[Grant, ...]:
    """Return the grants on a KMS key."""
    parts = resource.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS or parts[2] != "kms" or not parts[5].startswith("key/"):
        return ()
    stored = sources.key_grants(account, parts[3], parts[5].removeprefix("key/"))
    return tuple(
        Grant(
            g.grantee,
            frozenset(g.operations),
            g.grant_id,
            g.context_equals,
            g.context_subset,
            g.source_arn,
            g.retiring,
        )
        for g in stored
    )


def restricts_public(resource: str, account: str, sources: Sources) -> bool:
    """Whether RestrictPublicBuckets is on for a bucket, at whichever level."""
    point = sources.access_point_at(resource) if ":accesspoint/" in resource else None
    if point is not None:
        return restricts_point(point, sources)
    if not resource.startswith(_BUCKET):
        return False
    bucket = resource.removeprefix(_BUCKET).partition("/")[0]
    return "RestrictPublicBuckets" in blocks_in_force(account, bucket, sources)


def _tagged(resource: str, parts: list[str]) -> str:
    """What carries the tags: a stream's log group, the function of a version or alias."""
    if parts[2] == "logs":
        return resource.partition(":log-stream:")[0]
    if parts[2] == "lambda" and parts[5].count(":") > 1:
        return resource.rpartition(":")[0]
    return resource


def resource_tags(
    action: str,
    resource: str,
    account: str,
    region: str,
    sources: Sources,
    find_tags: TagFinder,
) -> Mapping[str, ContextValue]:
    """Return the tags of the resource as `aws:ResourceTag/KEY` and as its service spells it."""
    parts = resource.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return {}
    prefix = action.partition(":")[0].lower()
    if parts[2] == "s3" and "/" in parts[5]:
        bucket, _, key = parts[5].partition("/")
        if bucket == "accesspoint" and parts[3]:
            point = sources.access_point_at(resource)
            bucket, key = point.bucket if point else "", key.partition("/object/")[2]
        tags = sources.object_tags(bucket, key, None)
        return {f"s3:ExistingObjectTag/{k}": v for k, v in tags.items()}
    where, holder = parts[3] or region, _tagged(resource, parts)
    ours = find_tags(account, where, holder)
    tags = sources.resource_tags(account, where, holder) if ours is None else ours
    context: dict[str, ContextValue] = {}
    for key, value in tags.items():
        context[f"aws:ResourceTag/{key}"] = value
        context[f"{prefix}:ResourceTag/{key}"] = value
    return context
