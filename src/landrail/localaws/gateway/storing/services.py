"""What single services ask of their policies beyond the language."""

from __future__ import annotations

from landrail.localaws.api import ApiCall, ApiError
from landrail.localaws.gateway.storing import words
from landrail.localaws.gateway.storing.table import Place
from landrail.policy import Document, is_public
from landrail.policy.lint import Finding, lint

_S3_REFUSES = (
    "unknown-action",
    "pattern-matches-nothing",
    "unknown-condition-key",
    "action-fits-no-resource",
)
"""What is a warning of the language and a mistake to S3, which knows its own actions and keys."""
_IAM = (words.IAM, words.IAM_TRUST, words.STS)


def check(call: ApiCall, text: str, document: Document, place: Place) -> None:
    """Refuse what the service does not keep; raises ApiError."""
    if place.words is words.S3:
        _of_s3(_own(call), text, document, place)
    elif place.words is words.SNS:
        _own_actions(document, "sns", "services-mixed", place)
    elif place.words is words.SECRETS:
        _open_secret(call, document)
    elif place.words is words.SQS:
        _own_actions(document, "sqs", "bad-action", place)


def _own(call: ApiCall) -> str:
    """What a policy may name: its bucket or its access point."""
    if call.service == "s3":
        return f"arn:aws:s3:::{call.params.get('Bucket')}"
    account, name = call.params.get("AccountId"), call.params.get("Name")
    return f"arn:aws:s3:{call.region}:{account}:accesspoint/{name}"


def _of_s3(own: str, text: str, document: Document, place: Place) -> None:
    for statement in document.statements:
        for action in statement.actions:
            if action != "*" and not action.lower().startswith("s3:"):
                raise place.words.refusal("bad-action", action, place.limit)
        for resource in statement.resources or ():
            if resource != own and not resource.startswith((f"{own}/", f"{own}*", f"{own}?")):
                raise place.words.refusal("bad-resource", resource, place.limit)
    for finding in lint(text, place.kind, size_limit=place.limit):
        if finding.lint.id in _S3_REFUSES:
            raise place.words.of(finding, place.limit)


def _open_secret(call: ApiCall, document: Document) -> None:
    """Secrets Manager looks whether a policy is public where it is asked to."""
    if call.params.get("BlockPublicPolicy") and is_public(document):
        raise ApiError(
            "PublicPolicyException",
            "You can't use a resource policy that allows broad access to the secret.",
        )


def _own_actions(document: Document, prefix: str, check_id: str, place: Place) -> None:
    for statement in document.statements:
        for action in statement.actions:
            if action != "*" and not action.lower().startswith(f"{prefix}:"):
                raise place.words.refusal(check_id, action, place.limit)


def particular(finding: Finding, place: Place) -> ApiError | None:
    """Return IAM's own words for a mistake that names what is wrong, or None."""
    if place.words not in _IAM:
        return None
    named = finding.summary.partition("`")[2].partition("`")[0]
    code = place.words.code
    if finding.lint.id == "bad-resource":
        return ApiError(code, f'Resource {named} must be in ARN format or "*".')
    if finding.lint.id == "unknown-operator":
        return ApiError(code, f"Invalid Condition type : {named}.")
    if finding.lint.id == "bad-principal":
        kind = finding.summary.rpartition("type `")[2].rstrip("`")
        return ApiError(code, f'Invalid principal in policy: "{kind}":"{named}"')
    if finding.lint.id == "bad-action":
        return ApiError(code, _vendor(named))
    if finding.lint.id == "odd-character":
        return ApiError(
            "ValidationError",
            "The specified value for policyDocument is invalid. It must contain only printable "
            "ASCII characters.",
        )
    return None


def _vendor(action: str) -> str:
    vendor, colon, rest = action.partition(":")
    if not colon:
        return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
    if ":" in rest:
        return "Actions/Condition can contain only one colon."
    return f"Vendor {vendor} is not valid" if not vendor.isalnum() else "Syntax errors in policy."
