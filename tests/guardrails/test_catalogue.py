"""The catalogue: every guardrail says what it holds, where, and what to do instead."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from importlib import resources
from typing import Any

import pytest

from landrail.guardrails import Facts, Guardrail, recommended
from landrail.guardrails import actions as known
from landrail.guardrails.regions import GLOBAL_SERVICES
from landrail.policy import parse_document

RECOMMENDED = recommended()
FACTS = Facts("acme-ml", "eu-west-1")


def exempt(statement: dict[str, Any]) -> list[str]:
    arns = statement.get("Condition", {}).get("ArnNotLike", {}).get("aws:PrincipalArn", [])
    return [arns] if isinstance(arns, str) else list(arns)


@pytest.mark.parametrize("guardrail", RECOMMENDED, ids=lambda g: g.id)
def test_statements_are_valid_and_named(guardrail: Guardrail) -> None:
    statements = [dict(s) for s in guardrail.statements(FACTS)]
    if not statements:
        assert guardrail.proactive or guardrail.detective or guardrail.resource_control
        return
    document = {"Version": "2012-10-17", "Statement": statements}
    assert parse_document(json.dumps(document), kind="scp").statements
    word = "".join(part.capitalize() for part in guardrail.id.split("-"))
    for statement in statements:
        assert statement["Sid"].startswith(word)
        assert statement["Effect"] == "Deny"
    assert guardrail.remedy
    assert guardrail.kinds


def test_names_and_sids_are_unique() -> None:
    assert len({g.id for g in RECOMMENDED}) == len(RECOMMENDED)
    sids = [s["Sid"] for g in RECOMMENDED for s in g.statements(FACTS)]
    assert len(set(sids)) == len(sids)


@pytest.mark.parametrize("guardrail", RECOMMENDED, ids=lambda g: g.id)
def test_exempt_roles_stand_under_the_platforms_path(guardrail: Guardrail) -> None:
    for statement in guardrail.statements(FACTS):
        for arn in exempt(dict(statement)):
            assert arn.startswith("arn:aws:iam::*:role/landrail/") or arn.endswith(
                ":role/OrganizationAccountAccessRole"
            )


def test_only_release_is_exempt_from_release_only() -> None:
    (guardrail,) = (g for g in RECOMMENDED if g.id == "release-only")
    (statement,) = guardrail.statements(FACTS)
    names = {arn.rpartition("/")[2] for arn in exempt(dict(statement))}
    assert names == {"release", "release-stack", "break-glass"}


def test_release_only_covers_every_change_and_no_look() -> None:
    (guardrail,) = (g for g in RECOMMENDED if g.id == "release-only")
    (statement,) = guardrail.statements(FACTS)
    for name, entry in known.actions("sagemaker").items():
        covered = any(fnmatchcase(f"sagemaker:{name}", p) for p in statement["Action"])
        if entry["accessLevel"] in ("Read", "List"):
            assert not covered or name.startswith("Create"), name
        else:
            assert covered, name
    assert any(fnmatchcase("sagemaker:CreateSomethingNew", p) for p in statement["Action"])


def test_patterns_take_a_verb_only_where_nearly_all_of_it_is_wanted() -> None:
    made = known.patterns("sagemaker", known.writes("sagemaker"))
    assert "sagemaker:Create*" in made
    assert "sagemaker:Batch*" not in made
    assert "sagemaker:BatchPutMetrics" in made


def test_machine_roles_are_protected_from_every_change_of_a_role() -> None:
    (guardrail,) = (g for g in RECOMMENDED if g.id == "protect-machine-roles")
    denied = {a for s in guardrail.statements(FACTS) for a in s["Action"] if "iam:" in a} | {
        s["Action"] for s in guardrail.statements(FACTS) if isinstance(s["Action"], str)
    }
    for name in known.writes_on("iam", "role"):
        assert any(fnmatchcase(f"iam:{name}", pattern) for pattern in denied), name


def test_global_services_are_those_of_the_endpoint_data() -> None:
    data = json.loads(
        (resources.files("botocore") / "data" / "endpoints.json").read_text(encoding="utf-8")
    )
    services = data["partitions"][0]["services"]
    worldwide = {
        name
        for name, entry in services.items()
        if entry.get("partitionEndpoint") and not entry.get("isRegionalized", True)
    }
    assert worldwide <= set(GLOBAL_SERVICES)
