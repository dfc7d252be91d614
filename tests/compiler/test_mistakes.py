"""What AWS would refuse is found before anything is sent, and all of it at once."""

from __future__ import annotations

import pytest

from landrail.compiler import compile_platform, names
from landrail.diagnostics import Mistakes
from landrail.resources import Account, Stack, Wanted


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


def test_a_grant_too_wide_for_a_bucket_policy_is_a_mistake(build) -> None:
    lines = [f"a-long-name-of-a-line-of-business-{n}" for n in range(25)]
    with pytest.raises(Mistakes) as raised:
        compile_platform(build(lines, models={}))
    assert "bucket policy" in summaries(raised)


def test_long_names_are_shortened_not_refused(build) -> None:
    long = "as-long-as-a-name-of-the-file-may-be-which-is-sixty-four-letters"
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
