"""A guardrail that would lock out the platform itself is refused, at its place; its twin is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from landrail.compiler import compile_platform, diagnose, wanted_of
from landrail.diagnostics import Mistakes, Severity
from landrail.spec import Platform
from landrail.spec.load import Beyond, load

CASES = yaml.safe_load((Path(__file__).parent / "lockouts.yaml").read_text(encoding="utf-8"))
FILE = """\
platform: acme-ml
region: eu-west-1
email: aws+{account}@acme.example
lines_of_business: [retail]
break_glass: [bea]
teams:
  churn: {lob: retail, scientists: [ana], mlops: [dee], data_engineers: [eli]}
datasets:
  customers: {owner: data, share: [retail]}
models:
  m: {team: churn}
guardrails:
"""


def platform(
    *entries: str,
    policy: dict[str, Any] | None = None,
    policies: dict[str, Any] | None = None,
) -> Platform:
    """Return a platform with a model under the recommended guardrails and some entries; `policy`
    is what every file of the entries holds but for those in `policies`."""
    text = FILE + "".join(f"  - {entry}\n" for entry in ("recommended", *entries))

    def read(name: object) -> bytes:
        return json.dumps((policies or {}).get(str(name), policy)).encode()

    return load(text, "landrail.yaml", Beyond(read=read))


def own(case: dict[str, Any]) -> Platform:
    """Return a platform with the policies of a case: its own, and another `with` it."""
    entries, policies = [], {}
    for letter, one in (("x", case), ("y", case.get("with"))):
        if one is not None:
            file = f"policies/{letter}.json"
            given = one.get("statements") or [one["statement"]]
            statements = [{"Effect": "Deny", "Resource": "*", **statement} for statement in given]
            policies[file] = {"Version": "2012-10-17", "Statement": statements}
            settings = {k: one[k] for k in ("in", "mode", "type") if k in one}
            entries.append(json.dumps({"policy": f"deny-{letter}", "file": file, **settings}))
    return platform(*entries, policies=policies)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_a_lock_out_is_refused_and_its_twin_is_not(case: dict[str, Any]) -> None:
    document = own(case)
    if "refused" not in case:
        assert compile_platform(document).resources
        return
    with pytest.raises(Mistakes) as raised:
        compile_platform(document)
    (mistake,) = (d for d in raised.value.diagnostics if d.severity is Severity.ERROR)
    for words in ("guardrail `deny-x`", "would lock out", *case["refused"]):
        assert words in mistake.summary
    assert str(mistake.source).startswith("policies/x.json:1:")
    assert mistake.remedy


def test_the_recommended_guardrails_lock_nobody_out() -> None:
    document = platform()
    assert [d for d in diagnose(document, wanted_of(document)) if "lock out" in d.summary] == []


def test_an_instance_type_that_a_recipe_may_name_is_a_warning_until_the_recipe_is_known() -> None:
    document = platform("instance-types: {uat: [ml.c5.*], production: [ml.c5.*]}")
    wanted = wanted_of(document)
    unknown = [d for d in diagnose(document, wanted) if "lock out" in d.summary]
    assert {d.severity for d in unknown} == {Severity.WARNING}
    assert [
        d for d in diagnose(document, wanted, {"m": "ml.c5.xlarge"}) if "lock" in d.summary
    ] == []
    with pytest.raises(Mistakes) as raised:
        compile_platform(document, {"m": "ml.m5.large"})
    (mistake,) = (d for d in raised.value.diagnostics if d.severity is Severity.ERROR)
    assert "CreateTrainingJob for model `m`" in mistake.summary
    assert str(mistake.source) == "landrail.yaml:14:5"


@pytest.mark.parametrize("stage", ["none", "data-science"])
def test_a_development_stage_must_get_past_the_guardrails_of_its_account(stage: str) -> None:
    entry = f"m: {{team: churn, development: {stage}}}"
    text = (
        FILE.replace("m: {team: churn}", entry) + "  - instance-types: {data-science: [ml.c5.*]}\n"
    )
    document = load(text, "landrail.yaml")
    told = diagnose(document, wanted_of(document), {"m": "ml.m5.large"})
    found = [
        d.summary for d in told if "lock out role `release` of retail-data-science" in d.summary
    ]
    assert len(found) == (stage == "data-science")


def test_a_value_that_no_pipeline_can_meet_is_refused() -> None:
    with pytest.raises(Mistakes) as raised:
        compile_platform(platform("sagemaker-max-runtime: ['60']"))
    assert "sagemaker-max-runtime" in str(raised.value)
    assert compile_platform(platform("sagemaker-max-runtime: ['14400']"))


def test_what_exempts_roles_is_enforced_only_where_those_are_protected() -> None:
    with pytest.raises(Mistakes) as raised:
        compile_platform(platform("protect-machine-roles: {mode: monitor, in: [uat]}"))
    (mistake,) = (d for d in raised.value.diagnostics if d.severity is Severity.ERROR)
    assert "could become the roles" in mistake.summary
