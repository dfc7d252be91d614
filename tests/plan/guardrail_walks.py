"""Plans from one choice of guardrails to another, walked step by step over a made organization.

The organization is what AWS would have: policies, attachments, accounts in OUs. Each step is one
change of the plan; after each, what binds every account can be asked.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence
from graphlib import TopologicalSorter
from random import Random
from typing import Any

from landrail.compiler.organization import TRUSTED_SERVICES, compile_organization
from landrail.plan import (
    Given,
    Observed,
    ObservedAccount,
    ObservedAttachment,
    ObservedOrganization,
    ObservedPolicy,
    ObservedUnit,
    Plan,
    make_plan,
    settled,
)
from landrail.plan.organization import account_tags
from landrail.plan.values import Action
from landrail.resources import (
    Account,
    Attachment,
    OrganizationalUnit,
    Policy,
    Token,
    Wanted,
    substitute,
)
from landrail.resources import Organization as OrganizationWanted
from landrail.spec import Platform

GIVEN = Given("landrail.yaml", "sha256:0")
_IDS = {Token("organization", ""): "o-1"}
_EMPTY = Observed(ObservedOrganization("o-1", "r-1", "100000000000", True, ()))


def wanted(guardrails: Sequence[Any], **changes: Any) -> Wanted:
    """Return the organization that a choice of guardrails wants."""
    content: dict[str, Any] = {
        "platform": "acme",
        "region": "eu-west-1",
        "email": "aws+{account}@acme.example",
        "lines_of_business": ["retail", "risk"],
        "guardrails": list(guardrails),
    }
    platform = Platform.model_validate({**content, **changes})
    return Wanted("acme", "eu-west-1", tuple(compile_organization(platform)))


def standing(made: Wanted) -> Observed:
    """Return what is observed once all of it stands."""
    return dataclasses.replace(
        _EMPTY,
        organization=ObservedOrganization(
            "o-1", "r-1", "100000000000", True, _types(made), TRUSTED_SERVICES
        ),
        units={
            u.name: ObservedUnit(f"ou-{n}", u.name, u.name.rpartition("/")[2], True)
            for n, u in enumerate(made.of_kind(OrganizationalUnit))
        },
        accounts={
            a.name: ObservedAccount(
                f"{n:012d}", a.name, a.email, a.ou, tags=account_tags("acme", a)
            )
            for n, a in enumerate(made.of_kind(Account))
        },
        policies={
            p.name: ObservedPolicy(
                f"p-{p.name}",
                p.name,
                p.type,
                p.description,
                substitute(p.document, _IDS),
                ours=True,
            )
            for p in made.of_kind(Policy)
        },
        attachments=frozenset(
            ObservedAttachment(a.policy, a.target) for a in made.of_kind(Attachment)
        ),
    )


def _types(made: Wanted) -> tuple[str, ...]:
    (organization,) = made.of_kind(OrganizationWanted)
    return organization.policy_types


def documents(made: Wanted) -> dict[str, Any]:
    """Return the documents of policies by their names, as they are once ids are known."""
    return {p.name: substitute(p.document, _IDS) for p in made.of_kind(Policy)}


def planned(new: Wanted, observed: Observed) -> tuple[Wanted, Plan]:
    """Return the wanted as it is laid over what is there, and the plan to it."""
    laid = settled(new, observed)
    return laid, make_plan(laid, observed, GIVEN, {})


@dataclasses.dataclass
class Organization:
    """What stands at a moment."""

    policies: dict[str, Any]
    attachments: set[tuple[str, str]]
    accounts: dict[str, str]
    read: dict[int, tuple[Any, frozenset[str]]] = dataclasses.field(default_factory=dict)

    @classmethod
    def of(cls, observed: Observed) -> Organization:
        return cls(
            {name: p.document for name, p in observed.policies.items()},
            {(a.policy, a.target) for a in observed.attachments},
            {name: a.ou for name, a in observed.accounts.items() if a.ou},
        )

    def binding(self, account: str) -> frozenset[str]:
        """Return the statements that bind an account, whatever they are called."""
        parts = self.accounts[account].split("/")
        chain = {"root", f"account/{account}"}
        chain |= {f"ou/{'/'.join(parts[: n + 1])}" for n in range(len(parts))}
        held = [self.said(policy) for policy, target in self.attachments if target in chain]
        return frozenset().union(*held)

    def said(self, policy: str) -> frozenset[str]:
        """Return what a policy says; read once for each document."""
        document = self.policies[policy]
        known = self.read.get(id(document))
        if known is None or known[0] is not document:
            statements = frozenset(
                json.dumps({k: v for k, v in statement.items() if k != "Sid"}, sort_keys=True)
                for statement in document.get("Statement", ())
            )
            known = self.read[id(document)] = (document, statements)
        return known[1]

    def all_binding(self) -> dict[str, frozenset[str]]:
        return {account: self.binding(account) for account in self.accounts}


def steps(
    plan: Plan, laid: Wanted, organization: Organization, random: Random
) -> Iterator[Organization]:
    """Perform the changes in some order that the plan allows, and yield what stands after each."""
    by_address = {change.address: change for change in plan.changes}
    policies = {policy.address: policy for policy in laid.of_kind(Policy)}
    accounts = {account.address: account for account in laid.of_kind(Account)}
    graph = {a: [d for d in c.depends_on if d in by_address] for a, c in by_address.items()}
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    ready: list[Any] = []
    while sorter.is_active():
        ready.extend(sorter.get_ready())
        random.shuffle(ready)
        address = ready.pop()
        change = by_address[address]
        name, _, target = address.name.partition(" -> ")
        match address.kind, change.action:
            case _, Action.NO_OP | Action.REFUSED:
                pass
            case "policy", Action.DELETE:
                assert all(policy != name for policy, _ in organization.attachments), name
                del organization.policies[name]
            case "policy", _:
                organization.policies[name] = substitute(policies[address].document, _IDS)
            case "attachment", Action.DELETE:
                organization.attachments.remove((name, target))
            case "attachment", _:
                assert name in organization.policies
                organization.attachments.add((name, target))
            case "account", _:
                organization.accounts[name] = accounts[address].ou
        sorter.done(address)
        yield organization
