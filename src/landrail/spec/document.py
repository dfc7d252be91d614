"""The whole file as one frozen value: `Platform`, and where each of its values stands.

Made by `load` from text, or directly in tests. It holds what the file says with its defaults;
names in AWS are made from it in `compiler`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field, PrivateAttr

from landrail.diagnostics import SourceRange
from landrail.spec.choices import RECOMMENDED, Choice
from landrail.spec.guardrail_field import Guardrails
from landrail.spec.landing_zone import ASSUMED, LandingZone
from landrail.spec.oversight import Quotas, Waiver
from landrail.spec.policy_files import PolicyFile
from landrail.spec.sections import (
    AccountEntry,
    ControlTower,
    Dataset,
    Identity,
    Layout,
    Model,
    Names,
    Network,
    Part,
    People,
    Target,
    Team,
)
from landrail.spec.shortening import ACCOUNT, shorten
from landrail.spec.texts import EmailPattern, Name, Region

Path = tuple[str | int, ...]

DEFAULT_ACCOUNTS: Mapping[str, AccountEntry] = {
    "shared": AccountEntry(kind="shared-services", environments=("dev", "prod")),
    "data": AccountEntry(kind="data-management", environments=("dev", "test", "prod")),
}
DEFAULT_OPERATOR = "operator"
LOB_KINDS = {
    "data-science": "DataScience",
    "development": "Development",
    "uat": "UAT",
    "production": "Production",
}
_SECURITY_OU, _ARCHIVE_OU = "Security", "Archive"
_OU_OF_KIND = {"shared-services": "Infrastructure", "data-management": "Data"}


@dataclass(frozen=True, slots=True)
class AccountMade:
    """An account that the file makes, see `docs/platform.md`; `ou` is the path below the root or
    None for the root; `key` the entry of `accounts` behind it; `path` its place in the file."""

    name: str
    kind: str
    ou: str | None
    lob: str | None = None
    environment: str | None = None
    key: str | None = None
    account_id: str | None = None
    path: Path = ()
    governed: bool = False
    """Whether it is an account of the landing zone."""


@dataclass(frozen=True, slots=True)
class Source:
    """The text a document was read from, the ranges of its values by path, and the policy files
    that it names, by name of the policy."""

    file: str
    text: str
    ranges: Mapping[Path, SourceRange] = field(default_factory=dict)
    policies: Mapping[str, PolicyFile] = field(default_factory=dict)

    def where(self, *path: str | int) -> SourceRange | None:
        """Return the range of a value, or of the nearest thing around it that is in the text."""
        while path and path not in self.ranges:
            path = path[:-1]
        return self.ranges.get(path)


class Platform(Part):
    """What one file asks for."""

    platform: Name
    """Name of the platform; part of most names in AWS."""
    target: Target = Target()
    """Where commands act: `local`, or `{aws: {organization: ..., management_account: ...}}`."""
    region: Region
    """The region of everything; one for now."""
    email: EmailPattern
    """Address of each account's root user, with `{account}` in it."""
    layout: Layout = "workloads"
    """Organizational units by kind of account, or one for each line of business."""
    lines_of_business: Names = ()
    """Each gets the accounts data-science, uat and production."""
    development: Names = ()
    """Lines of business that get a development account too."""
    accounts: Mapping[Name, AccountEntry] = DEFAULT_ACCOUNTS
    """Shared services and data management, by name."""
    teams: Mapping[Name, Team] = {}
    """Teams, by name."""
    operators: Annotated[People, Field(min_length=1)] = (DEFAULT_OPERATOR,)
    """People who run plan and apply; for a target on AWS they must be named."""
    security: People = ()
    """People who own the guardrail policies."""
    break_glass: People = ()
    """People who may enter any account in an emergency, with MFA and for an hour."""
    administrators: People = ()
    """People with `AdministratorAccess` in the member accounts, bounded by the guardrails."""
    auditors: People = ()
    """People who may read everything."""
    identity: Identity = Identity()
    """The issuer of people's tokens; needed for a target on AWS."""
    datasets: Mapping[Name, Dataset] = {}
    """Data sets and their grants, by name."""
    network: Network = Network()
    """Private network of the accounts that train and serve."""
    guardrails: Annotated[Guardrails, Field(json_schema_extra={"default": [RECOMMENDED]})] = (
        Choice(RECOMMENDED),
    )
    """Sets of guardrails, guardrails with values or a mode, policies of one's own."""
    waivers: tuple[Waiver, ...] = ()
    """Findings that somebody answers for."""
    quotas: Quotas = Quotas()
    """Quotas of the organization that the policies of guardrails must fit."""
    control_tower: ControlTower = "none"
    """Whether AWS Control Tower governs the organization: `none`, `existing` for one that has a
    landing zone, which is then used and not made a second time, or `expected` for one in which it
    is about to be set up, so that guardrails do not stand in its way."""
    models: Mapping[Name, Model] = {}
    """Machine-learning models, by name."""

    _source: Source | None = PrivateAttr(default=None)
    _landing_zone: LandingZone = PrivateAttr(default=ASSUMED)

    @property
    def source(self) -> Source | None:
        """The text behind this document; None where it was made in memory."""
        return self._source

    def with_source(self, source: Source) -> Platform:
        """Return the same document, knowing its text."""
        copy = self.model_copy()
        copy._source = source
        return copy

    @property
    def lets_tower_in(self) -> bool:
        """Whether Control Tower works in the accounts, under its execution role, or is about to."""
        zone = self.landing_zone
        return self.control_tower == "expected" or (zone is not None and zone.enters)

    @property
    def landing_zone(self) -> LandingZone | None:
        """The landing zone that the file stands on; None without Control Tower."""
        return self._landing_zone if self.control_tower == "existing" else None

    def with_landing_zone(self, found: LandingZone) -> Platform:
        """Return the same document, knowing the landing zone."""
        copy = self.model_copy()
        copy._landing_zone = found
        return copy

    def where(self, *path: str | int) -> SourceRange | None:
        """Return where a value stands in the file, like `where("teams", "churn", "lob")`: the key
        of a section or list, the value of anything else; the nearest place around a value that is
        defaulted; None where the document has no text."""
        return self._source.where(*path) if self._source else None

    def accounts_made(self) -> tuple[AccountMade, ...]:
        """Return every account of the platform, the management account first."""
        return (
            AccountMade("management", "management", None, path=("platform",)),
            *self._security_made(),
            *self._entries_made(),
            *self._lines_made(),
        )

    def accounts_of(self, kind: str, lob: str | None = None) -> tuple[AccountMade, ...]:
        """Return the accounts of one kind, of one line of business where it is given."""
        return tuple(
            made
            for made in self.accounts_made()
            if made.kind == kind and (lob is None or made.lob == lob)
        )

    def shared_services(self) -> AccountMade:
        """Return the production account of shared services: registry, repositories, pipelines."""
        made = self.accounts_of("shared-services")
        return next(account for account in made if account.environment == "prod")

    def datasets_of(self, model: str) -> tuple[str, ...]:
        """Return the names of the data sets that a model may learn from."""
        entry = self.models[model]
        if entry.dataset is not None:
            return (entry.dataset,)
        lob = self.teams[entry.team].lob
        return tuple(name for name, dataset in self.datasets.items() if lob in dataset.share)

    def people(self) -> tuple[str, ...]:
        """Return everybody whom the file names, once each, in its order."""
        found: dict[str, None] = {}
        for team in self.teams.values():
            found.update(dict.fromkeys((*team.scientists, *team.mlops, *team.data_engineers)))
        for group in (
            self.operators,
            self.security,
            self.break_glass,
            self.administrators,
            self.auditors,
        ):
            found.update(dict.fromkeys(group))
        return tuple(found)

    def _security_made(self) -> Iterator[AccountMade]:
        """The log archive and the audit account: ours, or those of the landing zone."""
        zone = self.landing_zone
        held = {"log-archive": "", "audit": ""}
        if zone is not None:
            held = {"log-archive": zone.log_account, "audit": zone.audit_account}
        # What is ours does not stand among the landing zone's accounts: that OU is not registered.
        theirs = zone.security_unit if zone is not None and any(held.values()) else ""
        own = _ARCHIVE_OU if theirs == _SECURITY_OU else _SECURITY_OU
        for name, account in held.items():
            unit = theirs if account else own
            yield AccountMade(
                name,
                name,
                unit,
                account_id=account or None,
                path=("platform",),
                governed=bool(account),
            )

    def _entries_made(self) -> Iterator[AccountMade]:
        for key, entry in self.accounts.items():
            for environment in entry.environments:
                yield AccountMade(
                    shorten(f"{key}-{environment}", ACCOUNT),
                    entry.kind,
                    _OU_OF_KIND[entry.kind],
                    environment=environment,
                    key=key,
                    account_id=entry.id,
                    path=("accounts", key),
                )

    def _lines_made(self) -> Iterator[AccountMade]:
        for index, lob in enumerate(self.lines_of_business):
            above = "Workloads" if self.layout == "workloads" else f"LinesOfBusiness/{lob}"
            for kind, unit in LOB_KINDS.items():
                if kind == "development" and lob not in self.development:
                    continue
                path = ("lines_of_business", index)
                name = shorten(f"{lob}-{kind}", ACCOUNT)
                yield AccountMade(name, kind, f"{above}/{unit}", lob=lob, path=path)
