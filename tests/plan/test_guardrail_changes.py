"""Guardrails change without a gap and without a shuffle, whatever is chosen before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from guardrail_walks import Organization, documents, planned, standing, steps, wanted

from landrail.compiler.organization import TRUSTED_SERVICES
from landrail.guardrails import recommended
from landrail.plan import ObservedAttachment, ObservedPolicy, settled
from landrail.plan.values import Action
from landrail.resources import Attachment, Policy, Pool, Wanted
from landrail.resources import Organization as Organization_

SCP = "SERVICE_CONTROL_POLICY"
Statement = Mapping[str, Any]

IDS = [
    g.id
    for g in recommended()
    if (g.service_control or g.resource_control) and g.id != "protect-machine-roles"
]
PLACES = ["uat", "production", "data-science", "Security", "Workloads", "Workloads/UAT", "audit"]


def some(random: Random) -> list[Any]:
    """Return a choice of guardrails: some left out, some monitored or off in places."""
    chosen: list[Any] = ["protect-machine-roles"]
    for name in IDS:
        draw = random.random()
        if draw < 0.55:
            chosen.append(name)
        elif draw < 0.7:
            mode = random.choice(["monitor", "off"])
            places = random.sample(PLACES, random.randint(1, 3))
            chosen.append(name)
            chosen.append({name: {"mode": mode, "in": places, "reason": "a trial"}})
        elif draw < 0.85:
            chosen.append({name: {"in": random.sample(PLACES, random.randint(1, 3))}})
    return chosen


def by_policy(made: Wanted) -> dict[str, str]:
    """Return for every statement on a target the policy that it stands in."""
    targets: dict[str, list[str]] = {}
    for attachment in made.of_kind(Attachment):
        targets.setdefault(attachment.policy, []).append(attachment.target)
    return {
        f"{target} {sid}": policy.name
        for policy in made.of_kind(Policy)
        for sid in policy.statements_from
        for target in targets[policy.name]
    }


@pytest.mark.parametrize("seed", range(12))
def test_no_account_is_ever_less_protected_than_before_or_after(seed: int) -> None:
    random = Random(seed)
    old = standing(wanted(some(random), layout=random.choice(["workloads", "lines-of-business"])))
    laid, plan = planned(wanted(some(random)), old)
    assert not plan.refused
    organization = Organization.of(old)
    before = organization.all_binding()
    *_, last = steps(plan, laid, Organization.of(old), Random(seed))
    after = last.all_binding()
    for _ in range(2):
        for moment in steps(plan, laid, Organization.of(old), random):
            for account, statements in moment.all_binding().items():
                assert before[account] & after[account] <= statements, account
    assert after == Organization.of(standing(laid)).all_binding()


@pytest.mark.parametrize("seed", range(5))
def test_one_guardrail_more_or_less_moves_no_other(seed: int) -> None:
    random = Random(seed)
    chosen = some(random)
    first = settled_after(chosen, None)
    added = next(name for name in random.sample(IDS, len(IDS)) if name not in str(chosen))
    more = settled_after([*chosen, added], first)
    less = settled_after(chosen, more)
    for old, new in ((first, more), (more, less)):
        then, now = by_policy(old), by_policy(new)
        assert {key: now[key] for key in now if key in then} == {
            key: then[key] for key in then if key in now
        }
    assert set(by_policy(less)) == set(by_policy(first))


def own(name: str, *statements: Statement, room: int = 9) -> list[Policy | Attachment]:
    """Return one policy of a pool on the root."""
    pool = Pool("landrail-root", 5120, room)
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    behind = {s["Sid"]: s["Sid"].lower() for s in statements}
    policy = Policy(name, SCP, "", document, behind, pool=pool)
    return [policy, Attachment(name, "root")]


def alone(name: str, statement: Statement) -> list[Policy | Attachment]:
    """Return a policy of no pool on the root: its statements cannot stand elsewhere."""
    policy, attachment = own(name, statement)
    assert isinstance(policy, Policy)
    return [replace(policy, pool=None), attachment]


def deny(sid: str, action: str) -> Statement:
    return {"Sid": sid, "Effect": "Deny", "Action": action, "Resource": "*"}


def of(*made: Policy | Attachment) -> Wanted:
    organization = Organization_((SCP,), TRUSTED_SERVICES)
    return Wanted("acme", "eu-west-1", (organization, *made))


def test_policies_that_would_trade_statements_are_refused_where_there_is_no_room() -> None:
    a, b = deny("A", "s3:Get*"), deny("B", "s3:Put*")
    old = standing(of(*alone("p", a), *alone("q", b)))
    _, plan = planned(of(*alone("p", b), *alone("q", a)), old)
    assert {c.address.name for c in plan.refused} == {"p", "q"}
    assert not planned(of(*alone("p", b), *alone("q", b)), old)[1].refused


def test_a_target_that_is_full_while_policies_change_is_refused_with_the_reason() -> None:
    there = standing(of(*own("landrail-root-1", deny("A", "s3:Get*"))))
    others = {f"x{n}": ObservedPolicy(f"p-{n}", f"x{n}", SCP, "", {}) for n in range(2)}
    attached = {ObservedAttachment(name, "root") for name in others}
    there = replace(
        there,
        policies={**there.policies, **others},
        attachments=there.attachments | attached,
    )
    long = deny("B", "s3:" + "x" * 5000)

    def more(room: int) -> Wanted:
        first = own("landrail-root-1", deny("A", "s3:Get*"), room=room)
        return of(*first, *own("landrail-root-2", long, room=room))

    _, plan = planned(more(2), there)
    (refused,) = plan.refused
    assert "x0, x1" in refused.reason
    assert "quotas" in refused.reason
    assert not planned(more(4), there)[1].refused


def settled_after(chosen: list[Any], there: Wanted | None) -> Wanted:
    new = wanted(chosen)
    return new if there is None else planned(new, standing(there))[0]


@pytest.mark.parametrize("seed", range(2))
def test_what_stands_needs_no_change(seed: int) -> None:
    made = wanted(some(Random(seed)))
    assert wanted(some(Random(seed))) == made
    laid, plan = planned(made, standing(made))
    assert {c.action for c in plan.changes} == {Action.NO_OP}
    assert documents(laid) == documents(made)


@pytest.mark.parametrize("seed", range(8))
def test_policies_that_an_interruption_left_to_be_made_are_made_as_if_there_was_none(
    seed: int,
) -> None:
    random = Random(seed)
    made = wanted(some(random))
    whole = standing(made)
    there = random.sample(sorted(whole.policies), random.randint(0, len(whole.policies)))
    cut = replace(
        whole,
        policies={name: whole.policies[name] for name in there},
        attachments=frozenset(
            a for a in whole.attachments if a.policy in there and random.random() < 0.5
        ),
    )
    assert documents(settled(made, cut)) == documents(made)
