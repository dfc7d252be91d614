"""From what the file says of guardrails to the policies: where they stand, how they are packed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from test_lockouts import platform

from landrail.compiler import diagnose, wanted_of
from landrail.compiler.guardrails import organization_policies
from landrail.compiler.guardrails.packing import Room, packed
from landrail.compiler.guardrails.statements import document_length, fitting, length, merged
from landrail.compiler.limits import size
from landrail.diagnostics import Severity
from landrail.guardrails import Guardrail, guardrails
from landrail.resources import Attachment, Organization, Policy, Wanted
from landrail.spec import Platform

SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"


def holding(wanted: Wanted, guardrail: str, kind: str = SCP) -> dict[str, list[Any]]:
    """Return by target the statements of a guardrail."""
    policies = {p.name: p for p in wanted.of_kind(Policy) if p.type == kind}
    found: dict[str, list[Any]] = {}
    for attachment in wanted.of_kind(Attachment):
        policy = policies.get(attachment.policy)
        for statement in policy.document["Statement"] if policy else ():
            if policy is not None and policy.statements_from[statement["Sid"]] == guardrail:
                found.setdefault(attachment.target, []).append(statement)
    return found


def warnings(document: Platform) -> str:
    found = diagnose(document, wanted_of(document))
    return "\n".join(d.summary for d in found if d.severity is Severity.WARNING)


def test_a_guardrail_of_the_root_that_is_off_somewhere_stands_on_the_other_units() -> None:
    everywhere = holding(wanted_of(platform()), "deny-access-keys")
    assert set(everywhere) == {"root"}
    off = platform("deny-access-keys: {mode: 'off', in: [uat], reason: a trial}")
    held = holding(wanted_of(off), "deny-access-keys")
    assert set(held) == {
        *("ou/Data", "ou/Infrastructure", "ou/Security", "ou/Suspended"),
        *("ou/Workloads/DataScience", "ou/Workloads/Production"),
    }
    assert all(statements == everywhere["root"] for statements in held.values())
    assert "not enforced in Workloads/UAT" in warnings(off)
    assert "not enforced" not in warnings(platform())


def test_one_that_is_monitored_is_kept_and_not_attached() -> None:
    entry = "deny-access-keys: {mode: monitor, in: [production], reason: a trial}"
    wanted = wanted_of(platform(entry))
    assert "ou/Workloads/Production" not in holding(wanted, "deny-access-keys")
    (kept,) = wanted.unattached
    assert (kept.guardrail, kept.mode, kept.reason) == ("deny-access-keys", "monitor", "a trial")
    assert kept.targets == ("ou/Workloads/Production",)
    plain = holding(wanted_of(platform()), "deny-access-keys")["root"]
    assert kept.documents[SCP]["Statement"] == plain
    assert wanted_of(platform()).unattached == ()


def test_what_is_said_of_an_ou_is_stronger_than_of_its_kind() -> None:
    entries = (
        "deny-access-keys: {mode: monitor}",
        "deny-access-keys: {mode: 'off', in: [uat], reason: a trial}",
        "deny-access-keys: {in: [Workloads/UAT]}",
    )
    wanted = wanted_of(platform(*entries))
    assert set(holding(wanted, "deny-access-keys")) == {"ou/Workloads/UAT"}
    assert "ou/Workloads/UAT" not in [t for one in wanted.unattached for t in one.targets]


def test_kinds_of_one_ou_that_differ_have_policies_of_their_own() -> None:
    assert set(holding(wanted_of(platform()), "protect-logs")) == {"ou/Security"}
    apart = wanted_of(platform("protect-logs: {mode: monitor, in: [audit]}"))
    assert set(holding(apart, "protect-logs")) == {"account/log-archive"}


def test_values_by_kind_stand_with_their_kind_alone() -> None:
    document = platform("instance-types: {data-science: [ml.t3.*], uat: [ml.m5.*]}")
    held = holding(wanted_of(document), "instance-types")
    assert set(held) == {"ou/Workloads/DataScience", "ou/Workloads/UAT"}
    texts = {target: json.dumps(statements) for target, statements in held.items()}
    assert "ml.t3" in texts["ou/Workloads/DataScience"]
    assert "ml.m5" not in texts["ou/Workloads/DataScience"]
    assert "ml.m5" in texts["ou/Workloads/UAT"]


def test_a_policy_of_one_s_own_is_packed_with_the_others_and_keeps_its_sids() -> None:
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "Gpu", "Effect": "Deny", "Action": "ec2:RunInstances", "Resource": "*"},
            {"Effect": "Deny", "Action": "ec2:StartInstances", "Resource": "arn:aws:ec2:*:*:x/*"},
        ],
    }
    entry = "{policy: deny-gpu, file: x.json, in: [production]}"
    wanted = wanted_of(platform(entry, policy=policy))
    held = holding(wanted, "deny-gpu")
    assert set(held) == {"ou/Workloads/Production"}
    assert [s["Sid"] for s in held["ou/Workloads/Production"]] == ["DenyGpuGpu", "DenyGpu2"]
    (behind,) = {
        wanted.guardrail_behind(p.name, "DenyGpuGpu")
        for p in wanted.of_kind(Policy)
        if p.name.startswith("landrail-production-") and p.type == SCP
    }
    assert behind == "deny-gpu"


def test_a_resource_control_policy_switches_its_type_on() -> None:
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*"}
    condition = {"Null": {"s3:x-amz-server-side-encryption": "true"}}
    policy = {"Version": "2012-10-17", "Statement": [{**statement, "Condition": condition}]}
    wanted = wanted_of(platform("{policy: r, file: x.json, type: rcp}", policy=policy))
    assert set(holding(wanted, "r", RCP)) == {"root"}
    (organization,) = wanted.of_kind(Organization)
    assert {SCP, RCP} <= set(organization.policy_types)


def test_lines_of_business_share_policies_until_one_is_said_to_differ() -> None:
    changes = {"layout": "lines-of-business", "lines_of_business": ["retail", "risk"]}
    same = Platform.model_validate({**platform().model_dump(by_alias=True), **changes})
    names = {p.name for p in wanted_of(same).of_kind(Policy)}
    assert "landrail-uat-1" in names
    entry = {"deny-access-keys": {"in": ["LinesOfBusiness/risk/UAT"], "mode": "monitor"}}
    apart = Platform.model_validate(
        {**same.model_dump(by_alias=True), "guardrails": ["recommended", entry]}
    )
    names = {p.name for p in wanted_of(apart).of_kind(Policy)}
    assert {"landrail-linesofbusiness-retail-uat-1", "landrail-linesofbusiness-risk-uat-1"} <= names
    assert "landrail-production-1" in names


def test_what_does_not_fit_is_a_mistake_that_tells_the_costs() -> None:
    changes = {"quotas": {"scps_per_target": 2, "scp_characters": 3000}}
    small = Platform.model_validate({**platform().model_dump(by_alias=True), **changes})
    found = [d for d in diagnose(small, wanted_of(small)) if d.severity is Severity.ERROR]
    about = {d.summary.split("`")[1]: d for d in found}
    assert {"root", "ou/Workloads/UAT"} <= set(about)
    held = holding(wanted_of(small), "protect-machine-roles")["root"]
    cost = sum(size(statement) for statement in held)
    assert f"protect-machine-roles {cost:,}" in (about["root"].remedy or "")
    wide = {"quotas": {"scps_per_target": 20, "scp_characters": 10240}}
    large = Platform.model_validate({**platform().model_dump(by_alias=True), **wide})
    assert not [d for d in diagnose(large, wanted_of(large)) if d.severity is Severity.ERROR]


def test_new_quotas_are_warned_of_until_the_file_says_them() -> None:
    every = [{g.id: {"in": ["uat"]}} for g in guardrails().values() if g.option is None]
    content = platform().model_dump(by_alias=True, exclude={"quotas"})
    content["guardrails"] = ["recommended", *every]
    needed = "need the quotas that AWS gives since May 2026"
    assert needed in warnings(Platform.model_validate(content))
    said = {"quotas": {"scps_per_target": 10, "scp_characters": 10240}}
    assert needed not in warnings(Platform.model_validate({**content, **said}))


def test_no_policy_is_larger_than_its_room_or_has_a_sid_twice() -> None:
    for policy in wanted_of(platform()).of_kind(Policy):
        if policy.pool is None:
            continue
        sids = [statement["Sid"] for statement in policy.document["Statement"]]
        assert len(sids) == len(set(sids)) == len(policy.statements_from)
        assert all(sid.isalnum() for sid in sids)
        assert size(policy.document) <= policy.pool.characters


def deny(sid: str, *actions: str, **more: Any) -> dict[str, Any]:
    listed = actions[0] if len(actions) == 1 else list(actions)
    return {"Sid": sid, "Effect": "Deny", "Action": listed, "Resource": "*", **more}


def test_statements_that_differ_in_their_actions_are_one() -> None:
    found = merged(
        [deny("A1", "s3:Get*"), deny("A2", "s3:Put*", "s3:Get*"), deny("A3", "x:Y", Z=1)]
    )
    assert [(s["Sid"], s["Action"]) for s in found] == [
        ("A1", ["s3:Get*", "s3:Put*"]),
        ("A3", "x:Y"),
    ]
    others = [{"Sid": n, "NotAction": [n], "Effect": "Deny", "Resource": "*"} for n in "ab"]
    assert merged(others) == tuple(others)


@pytest.mark.parametrize("limit", [300, 500, 1000])
def test_a_statement_that_is_too_long_is_split_by_its_actions(limit: int) -> None:
    actions = [f"service:Action{n}" for n in range(60)]
    parts = list(fitting(deny("Long", *actions), limit))
    assert [a for part in parts for a in part["Action"]] == actions
    assert len({part["Sid"] for part in parts}) == len(parts)
    assert all(document_length([length(part)]) <= limit for part in parts)
    assert list(fitting(deny("Short", "a:B"), limit)) == [deny("Short", "a:B")]


def test_packs_are_as_few_as_fit() -> None:
    def named(name: str, size_: int) -> tuple[Guardrail, list[dict[str, Any]]]:
        made = guardrails()["deny-access-keys"]
        one = Guardrail(
            **{
                **{field: getattr(made, field) for field in made.__dataclass_fields__},
                "id": name,
            }
        )
        return one, [deny(name.title(), "a:" + "x" * size_)]

    held = [named("a", 500), named("b", 300), named("c", 300), named("d", 500)]
    packs, room = packed(held, (Room(1, 900), Room(2, 1100)))
    assert room == Room(2, 1100)
    assert len(packs) == 2
    assert [len(p) for p in packed(held[:2], (Room(1, 1100), Room(2, 2000)))[0]] == [2]


def test_attributes_of_several_guardrails_are_one_document_or_a_conflict() -> None:
    s3 = {"s3_attributes": {"public_access_block_configuration": {"@@assign": "all"}}}
    more = {"s3_attributes": {"other": {"@@assign": "on"}}}
    both = organization_policies.merge(s3, more)
    assert organization_policies.attributes(both) == (
        "s3_attributes.public_access_block_configuration",
        "s3_attributes.other",
    )
    other = {"s3_attributes": {"public_access_block_configuration": {"@@assign": "none"}}}
    with pytest.raises(organization_policies.Conflict) as raised:
        organization_policies.merge(s3, other)
    assert "public_access_block_configuration" in raised.value.attribute
