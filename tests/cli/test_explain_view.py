"""The explanation of a denial reads as who, what, each layer, what decided and who is exempt."""

from copy import deepcopy
from pathlib import Path

import click
import pytest

from landrail.cli.views.explain import explain_data, explain_lines
from landrail.operations.able import Able
from landrail.operations.explain import Conclusion, Explained
from landrail.operations.server import Server

ROLE = "arn:aws:iam::111122223333:role/landrail/release"
DECISION = {
    "decision": "EXPLICIT_DENY",
    "why": "explicit-deny",
    "reason": "denied by the SCP landrail-uat-1 on ou/Workloads/UAT",
    "layer": "scp",
    "level": "Workloads/UAT",
    "policy": "landrail-uat-1",
    "attachedTo": "ou/Workloads/UAT",
    "statement": 0,
    "sid": "ReleaseOnly",
    "layers": [
        {
            "layer": "identity",
            "level": None,
            "outcome": "IMPLICIT_DENY",
            "statements": 4,
            "findings": [],
            "elsewhere": [
                {
                    "policy": "data-scientist",
                    "statement": 2,
                    "sid": "Own",
                    "resources": ["arn:aws:sagemaker:*:*:endpoint/own-*"],
                }
            ],
        },
        {
            "layer": "scp",
            "level": "Workloads/UAT",
            "outcome": "EXPLICIT_DENY",
            "statements": 2,
            "findings": [
                {
                    "layer": "scp",
                    "level": "Workloads/UAT",
                    "policy": "landrail-uat-1",
                    "attachedTo": "ou/Workloads/UAT",
                    "statement": 0,
                    "sid": "ReleaseOnly",
                    "effect": "Deny",
                    "matched": True,
                    "conditions": [
                        {
                            "operator": "ArnNotLike",
                            "key": "aws:PrincipalArn",
                            "expected": [ROLE],
                            "actual": "arn:aws:iam::111122223333:role/landrail/data-scientist",
                            "passed": True,
                        }
                    ],
                }
            ],
        },
    ],
}


def explained(*conclusions: Conclusion) -> Explained:
    server = Server(Path(".landrail"), "http://127.0.0.1:1", 1, 1, "1" * 12, "s", "a", "b")
    entry = {"eventSource": "sagemaker.amazonaws.com", "eventName": "DeleteEndpoint"}
    return Explained("e-7f3a", server, entry, "ana", "data-scientist", "retail-uat", conclusions)


def test_a_denial_is_told_layer_by_layer() -> None:
    conclusion = Conclusion(
        "sagemaker:DeleteEndpoint", "arn:x", DECISION, "release-only", "landrail.yaml:19:1"
    )
    lines = [click.unstyle(line) for line in explain_lines(explained(conclusion))]
    text = " ".join(" ".join(lines).split())
    assert lines[0].startswith("ana (role data-scientist, retail-uat) may not")
    assert "identity allows nothing here (4 statements" in text
    assert "statement Own allows it on arn:aws:sagemaker:*:*:endpoint/own-* alone" in text
    assert "DENIES policy landrail-uat-1, statement ReleaseOnly" in text
    assert "ArnNotLike" in text
    assert "guardrail release-only (landrail.yaml:19:1)" in text
    assert f"who is exempt {ROLE}" in text
    assert max(map(len, lines)) <= 100


def test_a_narrow_screen_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    long = "sagemaker:CreateHyperParameterTuningJob"
    shown = explain_lines(explained(Conclusion(long, "arn:x", DECISION, "release-only", None)))
    lines = [click.unstyle(line) for line in shown]
    assert lines[:2] == ["ana (role data-scientist, retail-uat)", f"  may not {long}"]
    assert max(len(line) for line in lines if "arn:aws:iam" not in line) <= 60


@pytest.mark.parametrize(("actual", "hinted"), [(None, True), ("vpce-2", False)])
def test_who_must_come_from_a_network_is_told_how(actual: str | None, hinted: bool) -> None:
    decision = deepcopy(DECISION)
    decision["layers"][1]["findings"][0]["conditions"] = [  # type: ignore[index]  # JSON
        {
            "operator": "StringNotEquals",
            "key": "aws:SourceVpce",
            "expected": ["vpce-1"],
            "actual": actual,
            "passed": True,
        }
    ]
    text = " ".join(explain_lines(explained(Conclusion("a:B", None, decision, None, None))))
    assert ("landrail as --network ACCOUNT" in text) is hinted


def test_a_call_that_no_policy_decided_says_so() -> None:
    text = " ".join(explain_lines(explained()))
    assert "sagemaker.amazonaws.com DeleteEndpoint" in text
    assert "no policy took part" in text


def test_the_json_twin_has_the_whole_decision() -> None:
    data = explain_data(explained(Conclusion("a:B", None, DECISION, None, None)))
    assert data["decisions"][0]["sid"] == "ReleaseOnly"
    assert data["decisions"][0]["action"] == "a:B"


NEAR = {
    "layer": "resource",
    "level": None,
    "policy": "key policy",
    "attachedTo": "arn:k",
    "statement": 2,
    "sid": "Granted",
    "effect": "Allow",
    "matched": False,
    "conditions": [
        {
            "operator": "StringEquals",
            "key": "kms:ViaService",
            "expected": ["s3.eu-west-1.amazonaws.com"],
            "actual": None,
            "passed": False,
        },
        {
            "operator": "StringEquals",
            "key": "aws:PrincipalOrgID",
            "expected": ["o-1"],
            "actual": "o-1",
            "passed": True,
        },
    ],
}
LACKING = {
    "decision": "IMPLICIT_DENY",
    "why": "not-allowed",
    "reason": "kms:Decrypt is denied because no resource-based policy allows it",
    "layer": "resource",
    "layers": [
        {
            "layer": "resource",
            "level": None,
            "outcome": "IMPLICIT_DENY",
            "policies": ["key policy"],
            "statements": 3,
            "findings": [NEAR],
            "elsewhere": [],
        }
    ],
}


def test_what_comes_near_is_told_with_what_keeps_it_and_who_can() -> None:
    able = (
        Able("job", "retail-uat", ("sagemaker.amazonaws.com",)),
        Able("release", "retail-uat", ("role pipeline-retail-uat of shared-prod",)),
    )
    conclusion = Conclusion(
        "kms:Decrypt", "arn:k", LACKING, None, "landrail.yaml:9:3", "landrail-stage of x", able
    )
    lines = [click.unstyle(line) for line in explain_lines(explained(conclusion))]
    text = " ".join(" ".join(lines).split())
    assert "which the call sagemaker:DeleteEndpoint needs too" in text
    assert "allows nothing here (3 statements of key policy, none whose conditions hold)" in text
    assert "policy key policy, statement Granted would allow it, but for condition" in text
    assert "kms:ViaService = absent StringEquals s3.eu-west-1.amazonaws.com -> false" in text
    assert "aws:PrincipalOrgID" not in text
    assert "from stack landrail-stage of x (landrail.yaml:9:3)" in text
    assert "who can role job of retail-uat, entered by sagemaker.amazonaws.com" in text
    assert "role release of retail-uat, entered by role pipeline-retail-uat of shared-prod" in text


def test_where_nobody_can_it_is_said() -> None:
    text = " ".join(explain_lines(explained(Conclusion("a:B", None, LACKING, None, None))))
    assert "no role of these accounts" in text
