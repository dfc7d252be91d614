"""Why: the sentence, AWS's message to the client, and the findings per layer."""

from __future__ import annotations

from typing import Any

from landrail.policy import (
    Layer,
    Level,
    Outcome,
    Policies,
    PolicyInForce,
    Principal,
    Reason,
    Request,
    authorize,
    parse_document,
)

SESSION = "arn:aws:sts::111122223333:assumed-role/data-scientist/ana"
ANA = Principal(
    "session", SESSION, "111122223333", role_arn="arn:aws:iam::111122223333:role/data-scientist"
)
ASKED = Request(
    ANA, "sagemaker:DeleteEndpoint", "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/e"
)


def policy(name: str, attached_to: str, *statements: dict[str, Any]) -> PolicyInForce:
    document = parse_document({"Version": "2012-10-17", "Statement": list(statements)})
    return PolicyInForce(document, name, attached_to)


ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
ONLY_RELEASE = {
    "Sid": "OnlyRelease",
    "Effect": "Deny",
    "Action": "sagemaker:*",
    "Resource": "*",
    "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/landrail/release"}},
}
FULL = policy("FullAWSAccess", "root", ALL)


def test_an_explicit_denial_names_policy_statement_condition_and_place() -> None:
    guardrail = policy("landrail-workloads-1", "ou/Workloads", ALL, ONLY_RELEASE)
    levels = (Level("root", (FULL,)), Level("ou/Workloads", (guardrail,)))
    decision = authorize(ASKED, Policies(identity=(FULL,), scps=levels))
    assert decision.outcome is Outcome.EXPLICIT_DENY
    assert decision.why is Reason.EXPLICIT_DENY
    assert decision.layer is Layer.SCP
    assert decision.reason == (
        "sagemaker:DeleteEndpoint is denied with an explicit deny in a service control policy: "
        "`landrail-workloads-1`, statement `OnlyRelease`, attached to ou/Workloads"
    )
    assert decision.client_message == (
        f"User: {SESSION} is not authorized to perform: sagemaker:DeleteEndpoint on resource: "
        "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/e "
        "with an explicit deny in a service control policy"
    )
    denial = next(f for f in decision.matched if f.effect == "Deny")
    condition = denial.conditions[0]
    assert (condition.operator, condition.key) == ("ArnNotLike", "aws:PrincipalArn")
    assert condition.actual == "arn:aws:iam::111122223333:role/data-scientist"
    assert decision.to_json()["layers"][1]["outcome"] == "EXPLICIT_DENY"


def test_an_implicit_denial_says_which_kind_of_policy_is_missing() -> None:
    read = policy("read", "role/data-scientist", {**ALL, "Action": "sagemaker:Describe*"})
    none = authorize(ASKED, Policies(identity=(read,)))
    assert none.client_message.endswith(
        "because no identity-based policy allows the sagemaker:DeleteEndpoint action"
    )
    bounded = authorize(ASKED, Policies(identity=(FULL,), boundary=(read,)))
    assert "no permissions boundary allows" in bounded.client_message
    passed = authorize(ASKED, Policies(identity=(FULL,), session=(read,)))
    assert "no session policy allows" in passed.client_message
    level = authorize(ASKED, Policies(identity=(FULL,), scps=(Level("ou/X", (read,)),)))
    assert "no service control policy allows" in level.client_message
    assert level.level == "ou/X"


def test_a_condition_that_failed_is_found_with_its_value() -> None:
    limited = policy(
        "by-vpc",
        "role/data-scientist",
        {**ALL, "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}},
    )
    decision = authorize(ASKED, Policies(identity=(limited,)))
    finding = decision.layers[0].findings[0]
    assert not finding.matched
    assert finding.conditions[0].actual is None
    assert finding.conditions[0].expected == ("vpc-1",)


def test_an_allowed_request_says_by_what() -> None:
    decision = authorize(ASKED, Policies(identity=(FULL,)))
    assert decision.allowed
    assert decision.reason == (
        "sagemaker:DeleteEndpoint is allowed by an identity-based policy: `FullAWSAccess`, "
        "statement 1, attached to root"
    )


def test_an_action_that_is_allowed_elsewhere_alone_is_told_with_the_place() -> None:
    own = "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/own-*"
    allowed = {
        "Sid": "Own",
        "Effect": "Allow",
        "Action": "sagemaker:DeleteEndpoint",
        "Resource": own,
    }
    other = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    policies = Policies(identity=(policy("role", ANA.arn, other, allowed),))
    (identity,) = authorize(ASKED, policies).layers
    assert identity.findings == ()
    (elsewhere,) = identity.elsewhere
    assert (elsewhere.policy, elsewhere.sid, elsewhere.resources) == ("role", "Own", (own,))
