"""The operations that bring policies: in which parameter, of which kind, refused with which words.

A service that is not here keeps what it is given, as the store does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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


_IAM = "PolicyDocument"
_TRUST = Place(
    _named("AssumeRolePolicyDocument"), "trust", words.IAM_TRUST, sizes.TRUST, knows_principals=True
)
# How large session policies may be together is for STS to say: it packs them.
_SESSION = Place(_named("Policy"), "session", words.STS, 1_000_000)
_ENDPOINT = Place(_named("PolicyDocument"), "endpoint", words.EC2)
_RESOURCE: DocumentKind = "resource"

PLACES: Mapping[tuple[str, str], Place] = {
    ("iam", "CreateRole"): _TRUST,
    ("iam", "UpdateAssumeRolePolicy"): Place(
        _named(_IAM), "trust", words.IAM_TRUST, sizes.TRUST, knows_principals=True
    ),
    ("iam", "PutRolePolicy"): Place(_named(_IAM), "identity", words.IAM, sizes.ROLE_INLINE),
    ("iam", "PutUserPolicy"): Place(_named(_IAM), "identity", words.IAM, sizes.USER_INLINE),
    ("iam", "PutGroupPolicy"): Place(_named(_IAM), "identity", words.IAM, sizes.GROUP_INLINE),
    ("iam", "CreatePolicy"): Place(_named(_IAM), "identity", words.IAM, sizes.MANAGED),
    ("iam", "CreatePolicyVersion"): Place(_named(_IAM), "identity", words.IAM, sizes.MANAGED),
    ("sts", "AssumeRole"): _SESSION,
    ("sts", "AssumeRoleWithWebIdentity"): _SESSION,
    ("sts", "GetFederationToken"): _SESSION,
    ("s3", "PutBucketPolicy"): Place(
        _named("Policy"),
        _RESOURCE,
        words.S3,
        sizes.BUCKET,
        needs_resource=True,
        knows_principals=True,
    ),
    ("kms", "CreateKey"): Place(
        _named("Policy"),
        _RESOURCE,
        words.KMS,
        sizes.KEY,
        needs_resource=True,
        knows_principals=True,
    ),
    ("kms", "PutKeyPolicy"): Place(
        _named("Policy"),
        _RESOURCE,
        words.KMS,
        sizes.KEY,
        needs_resource=True,
        knows_principals=True,
    ),
    ("ec2", "CreateVpcEndpoint"): _ENDPOINT,
    ("ec2", "ModifyVpcEndpoint"): _ENDPOINT,
    ("sqs", "CreateQueue"): Place(
        _attribute, _RESOURCE, words.SQS, 262_144, needs_resource=True, knows_principals=True
    ),
    ("sqs", "SetQueueAttributes"): Place(
        _attribute, _RESOURCE, words.SQS, 262_144, needs_resource=True, knows_principals=True
    ),
    ("sns", "CreateTopic"): Place(
        _attribute, _RESOURCE, words.SNS, 30_720, needs_resource=True, knows_principals=True
    ),
    ("sns", "SetTopicAttributes"): Place(
        _set_attribute, _RESOURCE, words.SNS, 30_720, needs_resource=True, knows_principals=True
    ),
    ("secretsmanager", "PutResourcePolicy"): Place(
        _named("ResourcePolicy"),
        _RESOURCE,
        words.SECRETS,
        20_480,
        needs_resource=True,
        knows_principals=True,
    ),
    ("ecr", "SetRepositoryPolicy"): Place(
        _named("policyText"), _RESOURCE, words.ECR, 10_240, knows_principals=True
    ),
    ("codeartifact", "PutDomainPermissionsPolicy"): Place(
        _named("policyDocument"),
        _RESOURCE,
        words.CODEARTIFACT,
        7_168,
        needs_resource=True,
        knows_principals=True,
    ),
    ("codeartifact", "PutRepositoryPermissionsPolicy"): Place(
        _named("policyDocument"),
        _RESOURCE,
        words.CODEARTIFACT,
        7_168,
        needs_resource=True,
        knows_principals=True,
    ),
    ("sagemaker", "PutModelPackageGroupPolicy"): Place(
        _named("ResourcePolicy"),
        _RESOURCE,
        words.SAGEMAKER,
        20_480,
        needs_resource=True,
        knows_principals=True,
    ),
    ("events", "PutPermission"): Place(
        _named("Policy"), _RESOURCE, words.EVENTS, 10_240, needs_resource=True
    ),
    ("logs", "PutResourcePolicy"): Place(
        _named("policyDocument"), _RESOURCE, words.LOGS, 5_120, needs_resource=True
    ),
    ("glue", "PutResourcePolicy"): Place(
        _named("PolicyInJson"), _RESOURCE, words.GLUE, 10_240, needs_resource=True
    ),
}

ORGANIZATION_KINDS: Mapping[str, DocumentKind] = {
    "SERVICE_CONTROL_POLICY": "scp",
    "RESOURCE_CONTROL_POLICY": "rcp",
}
"""Organizations keeps many kinds under two operations; those that authorize are checked."""
CONTENT: Find = _named("Content")
