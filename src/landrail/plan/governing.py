"""Comparing what Control Tower governs: OUs that are registered, controls that are enabled."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.diagnostics import counted
from landrail.plan.observed import Observed
from landrail.plan.organization import is_usable
from landrail.plan.recorders import TOWER
from landrail.plan.values import Action, Change
from landrail.resources import (
    Account,
    Address,
    Attachment,
    EnabledControl,
    Registration,
    Stack,
    Wanted,
)

UNDER_CHANGE, FAILED = "UNDER_CHANGE", "FAILED"
REPAIR = "repair"
"""The fact that a registration is made again although nothing of it has changed."""
_STATES = {
    UNDER_CHANGE: "waits for the operation that is under way",
    FAILED: "again, as the last operation failed",
}


def registration_change(registration: Registration, wanted: Wanted, observed: Observed) -> Change:
    """Compare a registration: there, of this version, with every account of the OU enrolled."""
    there = observed.registrations.get(registration.unit)
    inside = [a.name for a in wanted.of_kind(Account) if a.ou == registration.unit]
    if there is None:
        words = (
            f"registers it, enrols {counted(len(inside), 'account')}" if inside else "registers it"
        )
        return Change(registration.address, Action.CREATE, words)
    if there.status in _STATES:
        return Change(registration.address, Action.UPDATE, _STATES[there.status])
    if there.version != registration.version:
        words = f"baseline {there.version} -> {registration.version}"
        facts = {"version": registration.version}
        return Change(registration.address, Action.UPDATE, words, facts=facts)
    new = [name for name in inside if _to_enrol(name, registration.unit, observed)]
    if new:
        return Change(registration.address, Action.UPDATE, f"enrols {', '.join(new)}")
    unrecorded = [name for name in inside if _is_unrecorded(name, observed)]
    if unrecorded:
        words = f"again, as Control Tower does not record {', '.join(unrecorded)}"
        return Change(registration.address, Action.UPDATE, words, facts={REPAIR: True})
    return Change(registration.address, Action.NO_OP)


def control_change(control: EnabledControl, observed: Observed) -> Change:
    """Compare an enabled control: there or not."""
    names = (control.arn.rpartition("/")[2], control.control)
    found = (observed.controls.get(f"{name} -> {control.unit}") for name in names)
    there = next((one for one in found if one is not None), None)
    words = f"for {', '.join(control.guardrails)}"
    if there is None:
        return Change(control.address, Action.CREATE, words)
    if there.status in _STATES:
        return Change(control.address, Action.UPDATE, _STATES[there.status])
    return Change(control.address, Action.NO_OP)


def unwanted_controls(wanted: Wanted, observed: Observed) -> Iterator[Change]:
    """Yield the controls of ours that the file no longer asks for, taken away once what stands for
    them is there."""
    after = tuple(r.address for r in wanted.resources if isinstance(r, Attachment | Stack))
    for key, there in sorted(observed.controls.items()):
        if there.ours:
            name, _, unit = key.rpartition(" -> ")
            address = Address("organization", "control", f"{name} -> ou/{unit}")
            facts = {"arn": there.arn}
            yield Change(address, Action.DELETE, depends_on=after, facts=facts)


def wanted_controls(wanted: Wanted) -> frozenset[str]:
    """Return the controls that the file asks for, by both of their names and their OUs."""
    return frozenset(
        f"{name} -> {control.unit}"
        for control in wanted.of_kind(EnabledControl)
        for name in (control.arn.rpartition("/")[2], control.control)
    )


def _to_enrol(name: str, unit: str, observed: Observed) -> bool:
    account = observed.accounts.get(name)
    if account is not None and not is_usable(account):
        return False
    return account is None or account.account_id not in observed.registrations[unit].enrolled


def _is_unrecorded(name: str, observed: Observed) -> bool:
    """Say whether an account that counts as enrolled has lost Control Tower's recorder."""
    contents = observed.contents.get(name)
    return contents is not None and not (contents.recorder or "").startswith(TOWER)
