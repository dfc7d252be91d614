"""The operations that bring policies: in which parameter, of which kind, refused with which words.

A service that is not here keeps what it is given, as the store does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from landrail.localaws.gateway.storing import words
from landrail.localaws.gateway.storing.words import Words
from landrail.policy import DocumentKind
from landrail.policy.lint import sizes

Params = Mapping[str, Any]
Find = Callable[[Params], str | None]


@dataclass(frozen=True, slots=True)
class Place:
    """A policy in the parameters of an operation: where it is, what it is for, how large it may
    be (None: as its kind), in whose words it is refused; `needs_resource` where a statement must
    name one, `knows_principals` where the service looks its principals up."""

    find: Find
    kind: DocumentKind
    words: Words
    limit: int | None = None
    needs_resource: bool = False
    knows_principals: bool = False


def _named(name: str) -> Find:
    def find(params: Params) -> str | None:
        found = params.get(name)
        if isinstance(found, bytes):
            return found.decode("utf-8", "replace")
        return found if isinstance(found, str) else None

    return find


def _attribute(params: Params) -> str | None:
    """SQS and SNS: one of a map of attributes. An empty one takes the policy away."""
    return (params.get("Attributes") or {}).get("Policy") or None


def _set_attribute(params: Params) -> str | None:
    """SNS: an attribute by name and value."""
    if params.get("AttributeName") == "Policy":
        value = params.get("AttributeValue")
        return value if isinstance(value, str) and value else None
    return None


def _identity(limit: int) -> Place:
    return Place(_named("PolicyDocument"), "identity", words.IAM, limit)


def _resource(find: Find, said: Words, limit: int, needs_resource: bool = True) -> Place:
    """A policy of a resource whose service looks its principals up."""
    return Place(find, "resource", said, limit, needs_resource, knows_principals=True)


def _shared(find: Find, said: Words, limit: int) -> Place:
    """A policy of a resource whose principals are kept as they are."""
    return Place(find, "resource", said, limit, needs_resource=True)


_TRUST = Place(
    _named("AssumeRolePolicyDocument"), "trust", words.IAM_TRUST, sizes.TRUST, knows_principals=True
)
_TRUST_AGAIN = replace(_TRUST, find=_named("PolicyDocument"))
# How large session policies may be together is for STS to say: it packs them.
_SESSION = Place(_named("Policy"), "session", words.STS, 1_000_000)
_ENDPOINT = Place(_named("PolicyDocument"), "endpoint", words.EC2)
_KEY = _resource(_named("Policy"), words.KMS, sizes.KEY)
_QUEUE = _resource(_attribute, words.SQS, 262_144)
_ARTIFACTS = _resource(_named("policyDocument"), words.CODEARTIFACT, 7_168)

PLACES: Mapping[tuple[str, str], Place] = {
    ("iam", "CreateRole"): _TRUST,
    ("iam", "UpdateAssumeRolePolicy"): _TRUST_AGAIN,
    ("iam", "PutRolePolicy"): _identity(sizes.ROLE_INLINE),
    ("iam", "PutUserPolicy"): _identity(sizes.USER_INLINE),
    ("iam", "PutGroupPolicy"): _identity(sizes.GROUP_INLINE),
    ("iam", "CreatePolicy"): _identity(sizes.MANAGED),
    ("iam", "CreatePolicyVersion"): _identity(sizes.MANAGED),
    ("sts", "AssumeRole"): _SESSION,
    ("sts", "AssumeRoleWithSAML"): _SESSION,
    ("sts", "AssumeRoleWithWebIdentity"): _SESSION,
    ("sts", "GetFederationToken"): _SESSION,
    ("s3", "PutBucketPolicy"): _resource(_named("Policy"), words.S3, sizes.BUCKET),
    ("s3control", "PutAccessPointPolicy"): _resource(_named("Policy"), words.S3, sizes.BUCKET),
    ("kms", "CreateKey"): _KEY,
    ("kms", "PutKeyPolicy"): _KEY,
    ("ec2", "CreateVpcEndpoint"): _ENDPOINT,
    ("ec2", "ModifyVpcEndpoint"): _ENDPOINT,
    ("sqs", "CreateQueue"): _QUEUE,
    ("sqs", "SetQueueAttributes"): _QUEUE,
    ("sns", "CreateTopic"): _resource(_attribute, words.SNS, 30_720),
    ("sns", "SetTopicAttributes"): _resource(_set_attribute, words.SNS, 30_720),
    ("secretsmanager", "PutResourcePolicy"): _resource(
        _named("ResourcePolicy"), words.SECRETS, 20_480
    ),
    ("ecr", "SetRepositoryPolicy"): _resource(
        _named("policyText"), words.ECR, 10_240, needs_resource=False
    ),
    ("codeartifact", "PutDomainPermissionsPolicy"): _ARTIFACTS,
    ("codeartifact", "PutRepositoryPermissionsPolicy"): _ARTIFACTS,
    ("sagemaker", "PutModelPackageGroupPolicy"): _resource(
        _named("ResourcePolicy"), words.SAGEMAKER, 20_480
    ),
    ("events", "PutPermission"): _shared(_named("Policy"), words.EVENTS, 10_240),
    ("logs", "PutResourcePolicy"): _shared(_named("policyDocument"), words.LOGS, 5_120),
    ("glue", "PutResourcePolicy"): _shared(_named("PolicyInJson"), words.GLUE, 10_240),
}

ORGANIZATION_KINDS: Mapping[str, DocumentKind] = {
    "SERVICE_CONTROL_POLICY": "scp",
    "RESOURCE_CONTROL_POLICY": "rcp",
}
"""Organizations keeps many kinds under two operations; those that authorize are checked."""
CONTENT: Find = _named("Content")
