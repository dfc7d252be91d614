"""What the file may say to a guardrail: values of the form that it takes, by kind of account."""

from __future__ import annotations

from typing import Any

import pytest

from landrail.compiler import compile_platform
from landrail.compiler.organization import ROOT
from landrail.diagnostics import Mistakes
from landrail.policy.lines import evaluate_line
from landrail.resources import Attachment, Policy, Wanted


def chosen(build: Any, *entries: Any) -> Wanted:
    return compile_platform(build(["retail"], guardrails=["recommended", *entries]))


def types_of(wanted: Wanted, target: str) -> list[Any]:
    """The instance types that policies on a target approve, one list a statement."""
    attached = {a.policy for a in wanted.of_kind(Attachment) if a.target == target}
    return [
        condition["ForAnyValue:StringNotLike"]["sagemaker:InstanceTypes"]
        for policy in wanted.of_kind(Policy)
        if policy.name in attached
        for statement in policy.document["Statement"]
        for condition in [statement.get("Condition", {})]
        if "sagemaker:InstanceTypes" in condition.get("ForAnyValue:StringNotLike", {})
    ]


def test_each_kind_has_its_own_values(build: Any) -> None:
    wanted = chosen(build, {"instance-types": {"uat": ["ml.m5.*"], "production": ["ml.m*"]}})
    assert types_of(wanted, "ou/Workloads/UAT") == [["ml.m5.*", "system"]]
    assert types_of(wanted, "ou/Workloads/Production") == [["ml.m*", "system"]]
    assert types_of(wanted, ROOT) == []


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"instance-types": ["m5.large"]}, "`m5.large` is no value of `instance-types`"),
        ({"sagemaker-max-runtime": ["1h"]}, "`1h` is no value of `sagemaker-max-runtime`"),
        ({"sagemaker-allowed-subnets": ["private"]}, "`private` is no value of"),
        ({"sagemaker-require-vpc": ["subnet-1"]}, "`sagemaker-require-vpc` takes no values"),
        ({"sagemaker-max-runtime": ["86400", "3600"]}, "takes one value, `3600` is another"),
        ({"sagemaker-max-keep-alive": ["60", "30"]}, "takes one value, `30` is another"),
        ({"s3-link-age": ["60", "30"]}, "takes one value, `30` is another"),
        ({"perimeter-our-networks": ["300.0.0.0/8"]}, "`300.0.0.0/8` is no value of"),
        ({"perimeter-our-networks": ["10.0.0.0/33"]}, "`10.0.0.0/33` is no value of"),
        ({"regions": ["eu-west-1", "eu-wset-2"]}, "`eu-wset-2` is no value of `regions`"),
        ({"deny-other-regions": ["eu-wset-2"]}, "`eu-wset-2` is no value of"),
        ({"ec2-instance-types": ["large"]}, "`large` is no value of `ec2-instance-types`"),
    ],
)
def test_values_of_another_form_are_mistakes(build: Any, entry: Any, said: str) -> None:
    with pytest.raises(Mistakes) as raised:
        chosen(build, entry)
    found = raised.value.diagnostics
    assert said in "\n".join(one.summary for one in found)


def test_tags_may_be_named_or_not(build: Any) -> None:
    assert chosen(build, "sagemaker-require-tags")
    named = chosen(build, {"sagemaker-require-tags": ["landrail:model"]})
    texts = str([policy.document for policy in named.of_kind(Policy)])
    assert "aws:RequestTag/landrail:model" in texts


def test_tags_that_pipelines_do_not_give_would_lock_them_out(build: Any) -> None:
    with pytest.raises(Mistakes) as raised:
        chosen(build, {"sagemaker-require-tags": ["cost-centre"]})
    assert "would lock out role `release`" in str(raised.value.diagnostics)


@pytest.mark.parametrize(
    ("role", "place", "decision"),
    [
        ("job", {"aws:SourceVpc": "vpc-1"}, "ALLOW"),
        ("job", {"aws:SourceIp": "198.51.100.7"}, "EXPLICIT_DENY"),
        ("job", {"aws:SourceIp": "203.0.113.7"}, "ALLOW"),
        ("data-scientist-t", {"aws:SourceVpc": "vpc-1"}, "EXPLICIT_DENY"),
        ("data-scientist-t", {"aws:SourceIp": "203.0.113.7"}, "ALLOW"),
    ],
)
def test_jobs_call_from_their_vpcs_where_the_file_names_ranges_alone(
    build: Any, role: str, place: dict[str, str], decision: str
) -> None:
    wanted = chosen(build, {"perimeter-our-networks": ["203.0.113.0/24"]})
    held = {
        str(statement["Sid"]): statement
        for policy in wanted.of_kind(Policy)
        for statement in policy.document["Statement"]
        if str(statement["Sid"]).startswith("PerimeterOurNetworks")
    }
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    line = {
        "id": "call",
        "request": {
            "principal": f"arn:aws:iam::111122223333:role/landrail/{role}",
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::b/k",
            "resource_account": "111122223333",
            "context": place,
        },
        "identity_policies": [{"Version": "2012-10-17", "Statement": [everything]}],
        "scps": [
            {
                "id": "root",
                "policies": [{"Version": "2012-10-17", "Statement": [everything, *held.values()]}],
            }
        ],
    }
    assert evaluate_line(line)["decision"] == decision
