"""What every layer said about a request, statement by statement, for people.

Run only when asked for, by the same compiled statements that decided: what is told here is what
the evaluator found, not a second opinion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from landrail.policy.conditions import CompiledCondition
from landrail.policy.facts import Facts
from landrail.policy.findings import (
    AllowedElsewhere,
    ConditionFinding,
    Layer,
    LayerFinding,
    Outcome,
    StatementFinding,
)
from landrail.policy.program import CompiledStatement, program
from landrail.policy.special import by_trust, under_rcps, under_scps
from landrail.policy.values import Policies, PolicyInForce, Request


def explain(request: Request, policies: Policies) -> tuple[LayerFinding, ...]:
    """Return the findings of each layer in force, in the order of evaluation."""
    facts = Facts(request)
    bounded = policies.boundary is not None
    found: list[LayerFinding] = []
    if under_rcps(facts):
        found += [_layer(Layer.RCP, lv.policies, facts, bounded, lv.name) for lv in policies.rcps]
    if under_scps(request.principal):
        found += [_layer(Layer.SCP, lv.policies, facts, bounded, lv.name) for lv in policies.scps]
    if policies.resource is not None:
        own = Layer.TRUST if by_trust(facts) else Layer.RESOURCE
        found.append(_layer(own, (policies.resource,), facts, bounded))
    if policies.acl is not None:
        found.append(_layer(Layer.RESOURCE, (policies.acl,), facts, bounded))
    if policies.endpoint:
        found.append(_layer(Layer.ENDPOINT, policies.endpoint, facts, bounded))
    if request.principal.account is not None or policies.identity:
        found.append(_layer(Layer.IDENTITY, policies.identity, facts, bounded))
    if policies.boundary is not None:
        found.append(_layer(Layer.BOUNDARY, policies.boundary, facts, bounded))
    if policies.session:
        found.append(_layer(Layer.SESSION, policies.session, facts, bounded))
    return tuple(found)


def _layer(
    layer: Layer,
    policies: Iterable[PolicyInForce],
    facts: Facts,
    bounded: bool,
    level: str | None = None,
) -> LayerFinding:
    policies = tuple(policies)
    findings = tuple(
        _statement(layer, level, policy, statement, facts)
        for policy in policies
        for statement in _about(policy, facts)
        if statement.about(facts) and _names(statement, facts, bounded)
    )
    effects = {f.effect for f in findings if f.matched}
    outcome = Outcome.ALLOW if "Allow" in effects else Outcome.IMPLICIT_DENY
    if "Deny" in effects:
        outcome = Outcome.EXPLICIT_DENY
    count = sum(len(p.document.statements) for p in policies)
    elsewhere = () if findings else tuple(_elsewhere(policies, facts, bounded))
    names = tuple(policy.name for policy in policies)
    return LayerFinding(layer, level, outcome, count, findings, elsewhere, names)


def _about(policy: PolicyInForce, facts: Facts) -> list[CompiledStatement]:
    about = program(policy.document).about[facts.action]
    return sorted((*about.denying, *about.allowing), key=lambda s: s.statement.number)


def _elsewhere(
    policies: Iterable[PolicyInForce], facts: Facts, bounded: bool
) -> Iterator[AllowedElsewhere]:
    for policy in policies:
        for compiled in program(policy.document).about[facts.action].allowing:
            said = compiled.statement
            if said.resources and _names(compiled, facts, bounded):
                yield AllowedElsewhere(policy.name, said.number, said.sid, said.resources)


def _names(statement: CompiledStatement, facts: Facts, bounded: bool) -> bool:
    if statement.statement.principals is None:
        return True
    return statement.naming(facts.principal, bounded) is not None


def _statement(
    layer: Layer,
    level: str | None,
    policy: PolicyInForce,
    compiled: CompiledStatement,
    facts: Facts,
) -> StatementFinding:
    conditions = tuple(_condition(c, facts) for c in compiled.conditions)
    statement = compiled.statement
    return StatementFinding(
        layer=layer,
        level=level,
        policy=policy.name,
        attached_to=policy.attached_to,
        number=statement.number,
        sid=statement.sid,
        effect=statement.effect,
        matched=all(c.passed for c in conditions),
        conditions=conditions,
    )


def _condition(compiled: CompiledCondition, facts: Facts) -> ConditionFinding:
    test = compiled.test
    return ConditionFinding(
        test.name, test.key, test.values, facts.get(compiled.key), compiled.holds(facts)
    )
