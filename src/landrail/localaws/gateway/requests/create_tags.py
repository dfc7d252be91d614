"""Tags given to what a call makes: they need the service's tagging action beside the create.

Only where AWS documents it. Sources: IAM User Guide, "Tagging IAM resources"; API references of
CreateKey (KMS), CreateQueue, CreateTopic, CreateSecret, PutParameter, CreateFunction, CreateAccount
and CreatePolicy (Organizations), CreateTrail, CreateBucket; SageMaker Developer Guide, "AddTags on
create"; the services' pages in the Service Authorization Reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from landrail.localaws.gateway.requests.arns import filled, format_expression
from landrail.localaws.gateway.requests.rules import Rules
from landrail.localaws.gateway.requests.tags import tag_context
from landrail.localaws.gateway.requests.values import Authorization, Call
from landrail.policy.reference.actions import find_action

_MAKES = ("Create", "Register", "Run", "Put", "Start", "Publish", "Import", "Upload", "Invite")
_BY_PREFIX: Mapping[str, str] = {
    "athena": "TagResource",
    "cloudtrail": "AddTags",
    "cloudwatch": "TagResource",
    "codeartifact": "TagResource",
    "codecommit": "TagResource",
    "codeconnections": "TagResource",
    "codepipeline": "TagResource",
    "codestar-connections": "TagResource",
    "config": "TagResource",
    "dynamodb": "TagResource",
    "ecr": "TagResource",
    "events": "TagResource",
    "glue": "TagResource",
    "kms": "TagResource",
    "lambda": "TagResource",
    "logs": "TagResource",
    "organizations": "TagResource",
    "sagemaker": "AddTags",
    "secretsmanager": "TagResource",
    "sns": "TagResource",
    "sqs": "TagQueue",
    "ssm": "AddTagsToResource",
    "states": "TagResource",
}
_OF_IAM: Mapping[str, str] = {
    "CreateInstanceProfile": "TagInstanceProfile",
    "CreateOpenIDConnectProvider": "TagOpenIDConnectProvider",
    "CreatePolicy": "TagPolicy",
    "CreateRole": "TagRole",
    "CreateSAMLProvider": "TagSAMLProvider",
    "CreateUser": "TagUser",
    "CreateVirtualMFADevice": "TagMFADevice",
    "UploadServerCertificate": "TagServerCertificate",
}


def tagging(call: Call, own: list[Authorization], rules: Rules) -> list[Authorization]:
    """Return what tags given on create need, on the resource that is made."""
    if not own or not call.operation.startswith(_MAKES):
        return []
    of_iam = rules.prefix == "iam"
    name = _OF_IAM.get(call.operation) if of_iam else _BY_PREFIX.get(rules.prefix)
    if name is None or not tag_context(call.params).get("aws:TagKeys"):
        return []
    action = f"{rules.prefix}:{name}"
    if call.operation == "CreateKey":
        key = f"arn:aws:kms:{call.region}:{call.account}:key/*"
        return [replace(own[0], action=action, resource=key)]
    tagged = find_action(rules.prefix, name)
    formats = [kind.arn for kind in tagged.resources] if tagged else []
    made = [
        a.resource
        for a in own
        if a.action.endswith(f":{call.operation}")
        and any(format_expression(f).fullmatch(a.resource) for f in formats)
    ] or _named(call, rules, formats)
    if not made and rules.prefix == "glue":
        return []  # The catalog, which is authorized first, has no tags.
    return [replace(own[0], action=action, resource=made[0] if made else own[0].resource)]


def _named(call: Call, rules: Rules, formats: list[str]) -> list[str]:
    """What is made, where the create itself has no resource: the longest name that can be said."""
    found = [arn for f in formats for arn in filled(f, call, rules.names)]
    return sorted(found, key=len, reverse=True)
