"""What stands: the tree of the organization, the roles, the guardrails, the models.

Everything is read from AWS; the file says only where to look and what things are called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landrail.aws.inventory import Reading, endpoints, model_versions, role_names
from landrail.aws.observe import observe
from landrail.compiler import site, wanted_of
from landrail.diagnostics import Failure
from landrail.operations.project import Project, open_project
from landrail.operations.target import Target, open_target
from landrail.plan.observed import Observed
from landrail.resources import Account, Policy, Wanted
from landrail.spec import Platform


@dataclass(frozen=True, slots=True)
class ShownAccount:
    """An account as it stands; `roles` is a reason where they could not be read; `known` is False
    for an account that the file does not have."""

    name: str
    account_id: str
    kind: str | None
    ou: str | None
    state: str
    stacks: Mapping[str, str]
    roles: Reading
    known: bool


@dataclass(frozen=True, slots=True)
class ShownPolicy:
    """A guardrail policy: where it is attached, and the guardrail behind each statement."""

    name: str
    targets: tuple[str, ...]
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownModel:
    """A model of the file: its registered versions and its endpoints by account."""

    name: str
    team: str
    versions: Reading
    endpoints: Mapping[str, Reading]


@dataclass(frozen=True, slots=True)
class Shown:
    """All of it."""

    project: Project
    target: Target
    organization: str
    units: tuple[str, ...]
    accounts: tuple[ShownAccount, ...]
    policies: tuple[ShownPolicy, ...]
    models: tuple[ShownModel, ...]


def show(file: Path, opened: Callable[[Project, Target], None] = lambda _p, _t: None) -> Shown:
    """Read what stands; raises Mistakes, and Failure where nothing does."""
    project = open_project(file)
    wanted = wanted_of(project.document)
    target = open_target(project)
    opened(project, target)
    observed = observe(target.entrances, wanted, refresh=False)
    if observed.organization is None:
        raise Failure("nothing stands here yet", "`landrail apply` builds it")
    return Shown(
        project=project,
        target=target,
        organization=observed.organization.organization_id,
        units=tuple(sorted(observed.units)),
        accounts=_accounts(target, wanted, observed),
        policies=_policies(wanted, observed),
        models=_models(target, project.document, observed),
    )


def _accounts(target: Target, wanted: Wanted, observed: Observed) -> tuple[ShownAccount, ...]:
    kinds = {account.name: account.kind for account in wanted.of_kind(Account)}
    order = {name: number for number, name in enumerate(kinds)}
    listed = sorted(observed.accounts.items(), key=lambda item: order.get(item[0], len(order)))

    def roles(item: tuple[str, Any]) -> Reading:
        name, account = item
        if name in observed.unreadable:
            return observed.unreadable[name]
        if name not in kinds:
            return "it is not in the file"
        return role_names(target.entrances, account.account_id)

    with ThreadPoolExecutor(target.entrances.connection.parallel) as pool:
        found = list(pool.map(roles, listed))
    return tuple(
        ShownAccount(
            name=account.name if name not in kinds else name,
            account_id=account.account_id,
            kind=kinds.get(name),
            ou=account.ou,
            state=account.state,
            stacks=_stacks(observed, name),
            roles=read,
            known=name in kinds,
        )
        for (name, account), read in zip(listed, found, strict=True)
    )


def _stacks(observed: Observed, account: str) -> dict[str, str]:
    contents = observed.contents.get(account)
    return {name: stack.status for name, stack in contents.stacks.items()} if contents else {}


def _policies(wanted: Wanted, observed: Observed) -> tuple[ShownPolicy, ...]:
    known = {policy.name: policy for policy in wanted.of_kind(Policy)}
    shown = []
    for name, policy in sorted(observed.policies.items()):
        targets = tuple(sorted(a.target for a in observed.attachments if a.policy == name))
        statements = policy.document.get("Statement", ())
        listed = statements if isinstance(statements, list) else [statements]
        sids = [str(s.get("Sid", "")) for s in listed if isinstance(s, Mapping)]
        guardrails = [wanted.guardrail_behind(name, sid) or sid for sid in sids]
        if not sids and name in known:
            guardrails = list(known[name].statements_from.values())
        if policy.ours or name in known:
            shown.append(ShownPolicy(name, targets, tuple(dict.fromkeys(guardrails))))
    return tuple(shown)


def _models(target: Target, document: Platform, observed: Observed) -> tuple[ShownModel, ...]:
    shown = []
    for name, model in document.models.items():
        lob = document.teams[model.team].lob
        registry = _id(observed, document.shared_services().name)
        group = site.model_name(name)
        kinds = (model.development, "uat", "production")
        places = [made for kind in kinds for made in document.accounts_of(kind, lob)]
        shown.append(
            ShownModel(
                name=name,
                team=model.team,
                versions=model_versions(target.entrances, registry, group)
                if registry
                else "shared services do not stand yet",
                endpoints={
                    made.name: _endpoints_of(target, _id(observed, made.name), name)
                    for made in places
                },
            )
        )
    return tuple(shown)


def _endpoints_of(target: Target, account_id: str | None, model: str) -> Reading:
    if account_id is None:
        return "the account does not stand yet"
    found = endpoints(target.entrances, account_id)
    if isinstance(found, str):
        return found
    own = {site.endpoint(model, stage) for stage in ("development", "uat", "production")}
    return tuple(endpoint for endpoint in found if endpoint["name"] in own)


def _id(observed: Observed, name: str) -> str | None:
    account = observed.accounts.get(name)
    return account.account_id if account else None
