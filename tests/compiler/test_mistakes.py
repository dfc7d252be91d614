"""What AWS would refuse is found before anything is sent, and all of it at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from landrail.compiler import compile_platform, limits, names, site
from landrail.diagnostics import Mistakes
from landrail.resources import Account, Stack, Wanted
from landrail.spec.load import load

LONG = "as-long-as-a-name-of-the-file-may-be-which-is-sixty-four-letters"
FILE = """\
platform: acme-ml
region: eu-west-1
email: aws+{account}@acme.example
lines_of_business: [retail]
teams: {one: {lob: retail, mlops: [dee]}}
models:
  churn: {team: one}
  churn-release: {team: one}
  roles: {team: one}
"""


def names_in(wanted: Wanted) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for stack in wanted.of_kind(Stack):
        for made in stack.template["Resources"].values():
            for key, value in made["Properties"].items():
                if key.endswith("Name") and isinstance(value, str):
                    found.setdefault(made["Type"], []).append(value)
    return found


def summaries(raised: pytest.ExceptionInfo[Mistakes]) -> str:
    return "\n".join(d.summary for d in raised.value.diagnostics)


def test_two_things_of_one_name_are_a_mistake(build) -> None:
    models = {"m": {"team": "team-retail"}, "m-release": {"team": "team-retail"}}
    with pytest.raises(Mistakes) as raised:
        compile_platform(build(["retail"], models=models))
    assert "`m-release`" in summaries(raised)


def test_two_things_of_one_name_are_told_at_the_second_model() -> None:
    with pytest.raises(Mistakes) as raised:
        compile_platform(load(FILE, "landrail.yaml"))
    found = [(d.source and d.source.start.line, d.summary) for d in raised.value.diagnostics]
    assert {line for line, summary in found if "two things" in summary} == {8}
    stacks = [line for line, summary in found if "two stacks" in summary]
    assert stacks == [9], "the platform has a stack of the roles of its pipelines"


def test_a_grant_too_wide_for_a_bucket_policy_is_a_mistake(build) -> None:
    lines = [f"a-long-name-of-a-line-of-business-{n}" for n in range(25)]
    with pytest.raises(Mistakes) as raised:
        compile_platform(build(lines, models={}))
    assert "bucket policy" in summaries(raised)


def test_a_model_with_all_that_may_be_said_fits_into_its_templates(build) -> None:
    many = " and ".join(f"metric_{n} >= champion.metric_{n} - 0.005" for n in range(22))
    everything = {
        "team": "team-retail",
        "repo": {
            "connection": "arn:aws:codeconnections:eu-west-1:111122223333:connection/0f1e2d3c",
            "id": "acme/churn",
        },
        "branch": "b" * 250,
        "paths": ["p" * 254 + str(n) for n in range(8)],
        "gate": f"auc > 0.5 and {many}",
        "pipelines": {
            kind: {"schedule": "rate(7 days)", "retry": "all"}
            for kind in ("end-to-end", "image", "training", "registration", "deployment")
        },
        "parameters": {f"p{n}": "v" * 300 for n in range(10)},
        "development": "data-science",
        "batch": {"schedule": "rate(7 days)", "format": "parquet", "prefix": "x" * 200},
        "deploy": {
            "strategy": "linear",
            "alarms": {"errors": "1%", "latency": "500ms"},
            "autoscale": {"min": 2, "max": 8, "invocations": 700},
            "capture": "10%",
        },
    }
    datasets = {
        f"data-set-of-the-line-number-{n}": {"owner": "data", "share": ["retail"]} for n in range(8)
    }
    compile_platform(build(["retail"], models={LONG: everything}, datasets=datasets))
    everything["parameters"] = {f"p{n}": "v" * 1000 for n in range(10)}
    with pytest.raises(Mistakes) as raised:
        compile_platform(build(["retail"], models={LONG: everything}, datasets=datasets))
    (found,) = raised.value.diagnostics
    assert found.remedy is not None
    assert "shorter defaults" in found.remedy


def test_long_names_are_shortened_not_refused(build) -> None:
    long = LONG
    wanted = compile_platform(
        build(
            [long],
            platform=long,
            teams={long: {"lob": long, "scientists": ["a" * 64], "mlops": ["b" * 64]}},
            datasets={long: {"owner": "data", "share": [long]}},
            models={long: {"team": long}},
        )
    )
    found = names_in(wanted)
    assert max(names.length(name) for name in found["AWS::IAM::Role"]) <= names.ROLE
    assert max(names.length(name) for name in found["AWS::S3::Bucket"]) <= names.BUCKET
    assert {len(name) for name in found["AWS::SageMaker::UserProfile"]} <= set(range(1, 64))
    assert {len(name) for name in found["AWS::SageMaker::ModelPackageGroup"]} <= set(range(1, 56))
    assert all(len(account.name) <= 50 for account in wanted.of_kind(Account))


@pytest.mark.parametrize(
    ("concern", "said"), [("registry", "split what it is about"), ("pipeline", "shorter defaults")]
)
def test_only_the_templates_of_pipelines_are_about_what_a_model_says(
    build, concern: str, said: str
) -> None:
    """The policy of a registry names the roles of its team, and none of the parameters."""
    platform = build(["retail"])
    wanted = compile_platform(platform)
    (stack,) = (
        one
        for one in wanted.of_kind(Stack)
        if one.name == site.stack_name(f"{concern}-model-retail")
    )
    images = {"RepositoryPolicyText": {"Statement": "x" * limits.REPOSITORY_POLICY}}
    many = {"Value": "x" * limits.TEMPLATE_BYTES}
    made = (
        {"Images": {"Type": "AWS::ECR::Repository", "Properties": images}}
        if concern == "registry"
        else {"Long": {"Type": "AWS::SSM::Parameter", "Properties": many}}
    )
    large = replace(wanted, resources=(replace(stack, template={"Resources": made}),))
    (found,) = limits.check(platform, large)
    assert said in str(found.remedy)
    assert found.source == platform.where("models", "model-retail")
