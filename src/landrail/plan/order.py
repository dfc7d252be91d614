"""What waits for what: the dependencies of wanted things, said by the compiler, by tokens, and by
the order in which an account is vended (moved into its OU before anything is deployed, baseline
before everything else, the first door closed last)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from landrail.plan.marks import BASELINE_ROLE, MANAGEMENT_KIND
from landrail.resources import (
    Account,
    AccountDefaults,
    Address,
    Attachment,
    EnabledControl,
    Organization,
    OrganizationalUnit,
    Policy,
    Registration,
    Stack,
    Token,
    Wanted,
    tokens,
)

ORGANIZATION = Organization().address


def door_address(account: str) -> Address:
    """Return where plans show the closing of an account's first door."""
    return Address(account, "access", BASELINE_ROLE)


def guarded_accounts(wanted: Wanted) -> tuple[str, ...]:
    """Return the member accounts that hold stacks, whose first door is closed at the end."""
    holding = {stack.account for stack in wanted.of_kind(Stack)}
    return tuple(
        a.name for a in wanted.of_kind(Account) if a.kind != MANAGEMENT_KIND and a.name in holding
    )


def dependencies(wanted: Wanted) -> dict[Address, tuple[Address, ...]]:
    """Return for every address of the plan, closed doors included, those it waits for."""
    context = _Context(wanted)
    found: dict[Address, tuple[Address, ...]] = {}
    for resource in wanted.resources:
        rule = _RULES[type(resource)]
        listed = dict.fromkeys((*resource.depends_on, *rule(resource, context)))
        found[resource.address] = tuple(a for a in listed if a != resource.address)
    for account in guarded_accounts(wanted):
        found[door_address(account)] = context.inside(account)
    return found


class _Context:
    """Indexes over the wanted things that the rules look into."""

    def __init__(self, wanted: Wanted) -> None:
        self.stacks: tuple[Stack, ...] = wanted.of_kind(Stack)
        self.defaults: tuple[AccountDefaults, ...] = wanted.of_kind(AccountDefaults)
        self.management = {a.name for a in wanted.of_kind(Account) if a.kind == MANAGEMENT_KIND}
        self.operator = tuple(a for name in self.management for a in self.baseline(name))
        self.on_accounts: dict[str, list[Address]] = {}
        for attachment in wanted.of_kind(Attachment):
            kind, _, name = attachment.target.partition("/")
            if kind == "account":
                self.on_accounts.setdefault(name, []).append(attachment.address)
        self.inhabitants: dict[str, list[Address]] = {}
        for account in wanted.of_kind(Account):
            if account.ou is not None:
                self.inhabitants.setdefault(account.ou, []).append(account.address)
        self.homes = {a.name: a.ou for a in wanted.of_kind(Account) if a.ou is not None}
        policies = {p.name: p for p in wanted.of_kind(Policy)}
        self.base_guardrails = tuple(
            a.address
            for a in wanted.of_kind(Attachment)
            if a.target == "root" and a.policy in policies and timeless(policies[a.policy])
        )

    def baseline(self, account: str) -> tuple[Address, ...]:
        """The stacks that make an account's machine roles."""
        return tuple(s.address for s in self.stacks if s.account == account and is_baseline(s))

    def inside(self, account: str) -> tuple[Address, ...]:
        """Everything deployed in an account."""
        stacks = tuple(s.address for s in self.stacks if s.account == account)
        return stacks + tuple(d.address for d in self.defaults if d.account == account)


def is_baseline(stack: Stack) -> bool:
    """Say whether a stack makes the roles by which all later stacks are made."""
    return stack.entered_by != "platform"


def stack_references(stack: Stack) -> Iterator[Address]:
    """Yield the stacks whose outputs a stack uses."""
    yield from (a for a in _by_tokens(stack.template) if a.kind == "stack")


def timeless(policy: Policy) -> bool:
    """Say whether a policy can be made before any account is."""
    return all(token.kind == "organization" for token in tokens(policy.document))


def _organization(_: Organization, _context: _Context) -> Iterator[Address]:
    yield from ()


def _unit(unit: OrganizationalUnit, _: _Context) -> Iterator[Address]:
    yield ORGANIZATION
    if unit.parent is not None:
        yield OrganizationalUnit(unit.parent, None).address


def _account(account: Account, context: _Context) -> Iterator[Address]:
    yield ORGANIZATION
    if account.ou is not None:
        yield OrganizationalUnit(account.ou, None).address
    if account.kind != MANAGEMENT_KIND:
        yield from context.base_guardrails


def _policy(policy: Policy, _: _Context) -> Iterator[Address]:
    yield ORGANIZATION
    yield from _by_tokens(policy.document)


def _attachment(attachment: Attachment, _context: _Context) -> Iterator[Address]:
    yield ORGANIZATION
    yield Address("organization", "policy", attachment.policy)
    kind, _, name = attachment.target.partition("/")
    if name:
        yield Address("organization", kind, name)


def _defaults(defaults: AccountDefaults, context: _Context) -> Iterator[Address]:
    yield Address("organization", "account", defaults.account)
    yield from context.baseline(defaults.account)


def _registration(registration: Registration, context: _Context) -> Iterator[Address]:
    yield OrganizationalUnit(registration.unit, None).address
    yield from context.operator
    above = registration.unit.rpartition("/")[0]
    if above:
        yield registered(above)
    yield from context.inhabitants.get(registration.unit, ())


def _control(control: EnabledControl, context: _Context) -> Iterator[Address]:
    yield OrganizationalUnit(control.unit, None).address
    yield from context.operator
    yield registered(control.unit)


def registered(unit: str) -> Address:
    """Return where plans show the registration of an OU."""
    return Address("organization", "registration", unit)


def _stack(stack: Stack, context: _Context) -> Iterator[Address]:
    yield Address("organization", "account", stack.account)
    if stack.account in context.homes and not is_baseline(stack):
        yield registered(context.homes[stack.account])
    yield from _by_tokens(stack.template)
    if stack.account not in context.management:
        for management in context.management:
            yield from context.baseline(management)
    if not is_baseline(stack):
        yield from context.baseline(stack.account)
        yield from (d.address for d in context.defaults if d.account == stack.account)
        yield from context.on_accounts.get(stack.account, ())


def _by_tokens(document: Any) -> Iterator[Address]:
    for token in tokens(document):
        yield token_source(token)


def token_source(token: Token) -> Address:
    """Return the address of the thing that a token's value comes from."""
    if token.kind == "account":
        return Address("organization", "account", token.name)
    if token.kind == "output":
        account, stack, _ = token.name.split("/", 2)
        return Address(account, "stack", stack)
    return ORGANIZATION


_RULES: Mapping[type, Callable[[Any, _Context], Iterator[Address]]] = {
    Organization: _organization,
    OrganizationalUnit: _unit,
    Account: _account,
    Policy: _policy,
    Attachment: _attachment,
    AccountDefaults: _defaults,
    Stack: _stack,
    Registration: _registration,
    EnabledControl: _control,
}
