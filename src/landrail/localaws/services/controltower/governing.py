"""What an OU that is governed has: enrolled accounts, policies, rules, and the records of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from landrail.localaws.api import ApiError
from landrail.localaws.services.controltower import enrolling, shared
from landrail.localaws.services.controltower.acting import Acting, Place
from landrail.localaws.services.controltower.catalogue import (
    GOVERNED,
    Control,
    baseline_version,
    controls,
)
from landrail.localaws.services.controltower.manifest import Manifest, read_manifest
from landrail.localaws.services.controltower.membership import accounts_in
from landrail.localaws.services.controltower.policies import Policies
from landrail.localaws.services.controltower.records import (
    CHANGING,
    FAILED,
    SUCCEEDED,
    Document,
    Records,
    arn_of,
    conflict,
)
from landrail.localaws.services.controltower.statements import Statement, mandatory
from landrail.localaws.services.controltower.working import each_account

_SHARED = (
    ("J8HX46AHS5MIKQPD", "log_account"),
    ("4T4HA1KMO10S6311", "audit_account"),
)
_IDENTITY = "LN25R72TTG6IGPTQ"


class Governing:
    """Governs OUs of a landing zone."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._policies = Policies(records)
        self._lock = threading.Lock()

    def check_idle(self, place: Place) -> None:
        """Refuse what cannot be done while the landing zone changes; raises ApiError."""
        if self._records.running(place, "landing-zone"):
            raise conflict(
                "AWS Control Tower cannot perform the operation: another operation on the landing "
                "zone is in progress. Try again later."
            )

    def zone(self, place: Place) -> Manifest:
        """Return the manifest in force; raises ApiError where there is no landing zone."""
        kept = self._records.zone(place)
        ready = [
            o
            for o in self._records.operations.all(place)
            if o["kind"] == "landing-zone" and o["status"] == SUCCEEDED
        ]
        if kept is None or not ready:
            raise ApiError(
                "ValidationException",
                "AWS Control Tower is not set up: there is no landing zone in this Region.",
                400,
            )
        return read_manifest(kept["version"], kept["manifest"], place.region)

    def set_up(self, acting: Acting, zone: Manifest, security: str | None) -> None:
        """Keep on record what the landing zone governs itself, and its OU's policies."""
        place = acting.place
        kept = self._records.zone(place)
        if kept is not None:
            self._records.zones.change(place, kept["arn"], security=security)
        for baseline, name in _SHARED:
            account = getattr(zone, name)
            if account:
                self._kept(acting, baseline, account_arn(acting, account), "1.0", None)
        if zone.access:
            management = account_arn(acting, place.account)
            self._kept(acting, _IDENTITY, management, "1.0", None)
        if zone.config:
            self._aggregate(acting, zone)
        if security is not None:
            self.settle_policies(acting, zone, security)

    def register(self, acting: Acting, zone: Manifest, unit: str, organization: str) -> None:
        """Register an OU: enrol its accounts, attach its policies; raises ApiError."""
        parent = self._kept(
            acting, GOVERNED, unit_arn(acting, unit), baseline_version(zone.version), None
        )
        self.settle_policies(acting, zone, unit)
        accounts = accounts_in(acting, unit)
        rules = [c for c in self._controls_on(acting.place, unit) if c.rule]

        def one(account: str) -> None:
            enrolling.enrol(acting, account, zone, organization)
            enrolling.put_rules(acting, account, zone, rules)

        failed = each_account(one, accounts)
        for account in accounts:
            status = FAILED if account in failed else SUCCEEDED
            target = account_arn(acting, account)
            self._kept(acting, GOVERNED, target, parent["version"], parent["arn"], status)
        self._forget_gone(acting, parent["arn"], accounts)
        if zone.config:
            self._aggregate(acting, zone)
        if failed:
            account, why = next(iter(failed.items()))
            raise ApiError("ValidationException", f"Account {account}: {why}", 400)

    def unregister(self, acting: Acting, zone: Manifest, unit: str) -> None:
        """Take an OU out of governance: recorders, rules, policies."""
        rules = [c for c in self._controls_on(acting.place, unit) if c.rule]

        def one(account: str) -> None:
            for control in rules:
                enrolling.drop_rule(acting, account, zone, control)
            enrolling.release(acting, account, zone)

        accounts = accounts_in(acting, unit)
        failed = each_account(one, accounts)
        if failed:
            account, why = next(iter(failed.items()))
            raise ApiError("ValidationException", f"Account {account}: {why}", 400)
        self._policies.settle(acting, unit, ())
        target = unit_arn(acting, unit)
        for kept in self._records.baselines.all(acting.place):
            mine = kept["target"] == target and kept["baseline"] == GOVERNED
            if mine:
                self._forget_gone(acting, kept["arn"], [])
                self._records.baselines.drop(acting.place, kept["arn"])
        if zone.config:
            self._aggregate(acting, zone)

    def put_control(self, acting: Acting, zone: Manifest, control: Control, unit: str) -> None:
        """Bring a control into force on an OU that has it on record."""
        if control.rule:
            self._in_each(
                acting,
                unit,
                lambda account: enrolling.put_rules(acting, account, zone, [control]),
            )
        else:
            self.settle_policies(acting, zone, unit)

    def drop_control(self, acting: Acting, zone: Manifest, control: Control, unit: str) -> None:
        """Take a control away from an OU that no longer has it on record."""
        if control.rule:
            self._in_each(
                acting,
                unit,
                lambda account: enrolling.drop_rule(acting, account, zone, control),
            )
        else:
            self.settle_policies(acting, zone, unit)

    def settle_policies(self, acting: Acting, zone: Manifest, unit: str) -> None:
        """Make the policies of an OU what it shall carry."""
        self._policies.settle(acting, unit, list(self._statements(acting, zone, unit)))

    def governed(self, place: Place, target: str) -> Document | None:
        """Return the enabled baseline that registers an OU (by its ARN), or None."""
        for kept in self._records.baselines.all(place):
            if kept["target"] == target and kept["baseline"] == GOVERNED:
                return kept
        return None

    def is_security(self, place: Place, unit: str) -> bool:
        """Say whether an OU (by its id) is the landing zone's own."""
        kept = self._records.zone(place)
        return kept is not None and kept.get("security") == unit

    def _in_each(self, acting: Acting, unit: str, work: object) -> None:
        assert callable(work)
        failed = each_account(work, self._enrolled(acting, unit))
        for account, why in failed.items():
            raise ApiError("ValidationException", f"Account {account}: {why}", 400)

    def _enrolled(self, acting: Acting, unit: str) -> list[str]:
        """The accounts of an OU that are under governance; of the zone's own OU, all."""
        accounts = accounts_in(acting, unit)
        if self.is_security(acting.place, unit):
            return accounts
        targets = {kept["target"] for kept in self._records.baselines.all(acting.place)}
        return [one for one in accounts if account_arn(acting, one) in targets]

    def _statements(self, acting: Acting, zone: Manifest, unit: str) -> Iterator[Statement]:
        security = self.is_security(acting.place, unit)
        if security or self.governed(acting.place, unit_arn(acting, unit)) is not None:
            yield from mandatory(zone, security=security)
        for control in self._controls_on(acting.place, unit):
            if control.statement is not None:
                yield control.statement

    def _controls_on(self, place: Place, unit: str) -> list[Control]:
        known = controls()
        return [
            known[kept["control"]]
            for kept in self._records.controls.all(place)
            if kept["target"].endswith(f"/{unit}") and not kept.get("leaving")
        ]

    def _kept(
        self,
        acting: Acting,
        baseline: str,
        target: str,
        version: str,
        parent: str | None,
        status: str = SUCCEEDED,
    ) -> Document:
        """Keep an enabled baseline, once for a target; return it."""
        with self._lock:
            for kept in self._records.baselines.all(acting.place):
                if (kept["baseline"], kept["target"]) == (baseline, target):
                    values = {"version": version, "parent": parent}
                    if kept["status"] != CHANGING or parent is not None:
                        values["status"] = status
                    self._records.baselines.change(acting.place, kept["arn"], **values)
                    return {**kept, **values}
            arn = arn_of(acting.place, "enabledbaseline")
            made = {
                "arn": arn,
                "baseline": baseline,
                "target": target,
                "version": version,
                "parent": parent,
                "status": status,
            }
            self._records.baselines.put(acting.place, arn, made)
            return made

    def _forget_gone(self, acting: Acting, parent: str, accounts: list[str]) -> None:
        """Forget the accounts that have left an OU."""
        here = {account_arn(acting, account) for account in accounts}
        for kept in self._records.baselines.all(acting.place):
            if kept["parent"] == parent and kept["target"] not in here:
                self._records.baselines.drop(acting.place, kept["arn"])

    def _aggregate(self, acting: Acting, zone: Manifest) -> None:
        with self._lock:
            targets = [kept["target"] for kept in self._records.baselines.all(acting.place)]
            accounts = [t.rpartition("/")[2] for t in targets if ":account/" in t]
            here = [a for a in (*zone.shared, *accounts) if a != acting.place.account]
            shared.aggregate(acting, zone, here)


def account_arn(acting: Acting, account: str) -> str:
    """Return the ARN of an account of the organization."""
    return str(acting.organization("DescribeAccount", AccountId=account)["Account"]["Arn"])


def unit_arn(acting: Acting, unit: str) -> str:
    """Return the ARN of an OU."""
    found = acting.organization("DescribeOrganizationalUnit", OrganizationalUnitId=unit)
    return str(found["OrganizationalUnit"]["Arn"])
