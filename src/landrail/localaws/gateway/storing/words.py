"""How each service says that it does not keep a policy: error codes and messages.

Where AWS's words for a mistake are known they stand here alone; else the service's general
sentence with what is wrong behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from landrail.localaws.api import ApiError
from landrail.policy.lint import Finding

_SYNTAX = "Syntax errors in policy."
PRINCIPAL = "unknown-principal"
LOCKOUT = "lockout"
"""Ids of refusals that are no checks of the text."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one service: `known` by the id of the check that failed."""

    code: str
    general: str
    known: Mapping[str, str] = field(default_factory=dict)
    explains: bool = True
    too_large: Callable[[int], ApiError] | None = None
    details: Mapping[str, str] = field(default_factory=dict)

    def refusal(self, check: str, summary: str, limit: int | None = None) -> ApiError:
        """Return the error for a check that failed."""
        if check == "too-large" and self.too_large is not None and limit is not None:
            return self.too_large(limit)
        if check in self.known:
            return ApiError(self.code, self.known[check], 400, dict(self.details))
        more = f" ({summary})" if self.explains else ""
        return ApiError(self.code, f"{self.general}{more}", 400, dict(self.details))

    def of(self, finding: Finding, limit: int | None) -> ApiError:
        """Return the error for a finding, with its place where the service's words are general."""
        at = finding.position
        return self.refusal(
            finding.lint.id, f"line {at.line}, column {at.column}: {finding.summary}", limit
        )


_IAM_KNOWN = {
    "duplicate-sid": "Statement IDs (SID) in a single policy must be unique.",
    "sid-characters": "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies "
    "the regular expression [0-9A-Za-z]*",
    "missing-action": "Policy statement must contain actions.",
    "missing-resource": "Policy statement must contain resources.",
    "principal-not-allowed": "Policy document should not specify a principal.",
    "resource-not-allowed": "Has prohibited field Resource.",
    "missing-principal": "Missing required field Principal",
    "trust-action": "Trust Policy statement actions can only be sts:AssumeRole, "
    "sts:AssumeRoleWithSAML,  and sts:AssumeRoleWithWebIdentity",
    "bad-version": _SYNTAX,
    "invalid-json": _SYNTAX,
    "not-an-object": _SYNTAX,
    "unknown-element": _SYNTAX,
    "missing-statement": _SYNTAX,
    "bad-effect": _SYNTAX,
    "bad-condition": _SYNTAX,
    "not-text": _SYNTAX,
    "both-elements": _SYNTAX,
}
_TRUST_KNOWN = {
    "invalid-json": "This policy contains invalid Json",
    "not-an-object": "This policy contains invalid Json",
}


def _iam_limit(limit: int) -> ApiError:
    names = {6144: "PolicySize: 6144", 2048: "ACLSizePerRole: 2048"}
    if limit in names:
        return ApiError("LimitExceeded", f"Cannot exceed quota for {names[limit]}", 409)
    return ApiError("LimitExceeded", f"Maximum policy size of {limit} bytes exceeded", 409)


def _organizations_limit(limit: int) -> ApiError:
    message = f"You have exceeded the allowed policy size: {limit} characters."
    reason = {"Reason": "POLICY_CONTENT_LIMIT_EXCEEDED"}
    return ApiError("ConstraintViolationException", message, 400, reason)


def _limit(code: str, message: str) -> Callable[[int], ApiError]:
    return lambda limit: ApiError(code, message.format(limit=limit))


IAM = Words("MalformedPolicyDocument", _SYNTAX, _IAM_KNOWN, too_large=_iam_limit)
IAM_TRUST = Words(
    "MalformedPolicyDocument", _SYNTAX, {**_IAM_KNOWN, **_TRUST_KNOWN}, too_large=_iam_limit
)
STS = Words("MalformedPolicyDocument", _SYNTAX, {**_IAM_KNOWN, **_TRUST_KNOWN})
ORGANIZATIONS = Words(
    "MalformedPolicyDocumentException",
    "The provided policy document does not meet the requirements of the specified policy type.",
    too_large=_organizations_limit,
)
S3 = Words(
    "MalformedPolicy",
    "Invalid policy syntax.",
    {
        "invalid-json": "Policies must be valid JSON and the first byte must be '{'",
        "not-an-object": "Policies must be valid JSON and the first byte must be '{'",
        "missing-statement": "Missing required field Statement",
        "bad-version": "The policy must contain a valid version string",
        "missing-action": "Missing required field Action",
        "missing-resource": "Missing required field Resource",
        "missing-principal": "Missing required field Principal",
        "bad-action": "Policy has invalid action",
        "unknown-action": "Policy has invalid action",
        "pattern-matches-nothing": "Policy has invalid action",
        "bad-resource": "Policy has invalid resource",
        "bad-principal": "Invalid principal in policy",
        PRINCIPAL: "Invalid principal in policy",
        "unknown-condition-key": "Policy has an invalid condition key",
        "action-fits-no-resource": "Action does not apply to any resource(s) in statement",
        "too-large": "Policy exceeds the maximum allowed document size.",
    },
)
KMS = Words(
    "MalformedPolicyDocumentException",
    "The request was rejected because the specified policy is not syntactically or semantically "
    "correct.",
    {
        "bad-principal": "Policy contains a statement with one or more invalid principals.",
        PRINCIPAL: "Policy contains a statement with one or more invalid principals.",
        "missing-resource": "Policy contains a statement with no resource specified or a resource "
        "ARN that's not fully qualified.",
        LOCKOUT: "The new key policy will not allow you to update the key policy in the future.",
    },
    too_large=_limit("LimitExceededException", "The policy is larger than {limit} bytes."),
)
EC2 = Words("InvalidPolicyDocument", "The policy document is not valid.")
SQS = Words("InvalidAttributeValue", "Invalid value for the parameter Policy.", explains=False)
SNS = Words(
    "InvalidParameter",
    "Invalid parameter: Policy Error: null",
    {
        PRINCIPAL: "Invalid parameter: Policy Error: PrincipalNotFound",
        "bad-principal": "Invalid parameter: Policy Error: PrincipalNotFound",
        "services-mixed": "Invalid parameter: Policy statement action out of service scope!",
    },
    explains=False,
)
SECRETS = Words(
    "MalformedPolicyDocumentException",
    "This resource policy contains a syntax error.",
    {
        PRINCIPAL: "This resource policy contains an unsupported principal.",
        "bad-principal": "This resource policy contains an unsupported principal.",
    },
)
ECR = Words(
    "InvalidParameterException",
    "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy "
    "provided'",
    explains=False,
)
CODEARTIFACT = Words("ValidationException", "The policy document is not valid.")
SAGEMAKER = Words("ValidationException", "Invalid resource policy.")
EVENTS = Words(
    "ValidationException",
    "The policy document is not valid.",
    too_large=_limit("PolicyLengthExceededException", "The policy is longer than {limit}."),
)
LOGS = Words("InvalidParameterException", "The policy document is not valid.")
GLUE = Words("InvalidInputException", "The resource policy is not valid.")
