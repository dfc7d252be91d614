"""Comparing what is inside an account beside its stacks: defaults, and the first door."""

from __future__ import annotations

from landrail.plan.observed import Observed
from landrail.plan.order import door_address
from landrail.plan.organization import is_usable
from landrail.plan.values import Action, Change, Detail, Difference, Effect
from landrail.resources import AccountDefaults

_OFF_ON = ("off", "on")


def defaults_change(defaults: AccountDefaults, observed: Observed) -> Change:
    """Compare the account-wide settings."""
    account = observed.accounts.get(defaults.account)
    if account is not None and not is_usable(account):
        return Change(defaults.address, Action.NO_OP, f"account is {account.state}")
    contents = observed.contents.get(defaults.account)
    if contents is None or contents.defaults is None:
        words = "S3, images and snapshots not public, EBS encrypted, no default VPC"
        reason = observed.unreadable.get(defaults.account, "")
        return Change(defaults.address, Action.CREATE, words, reason=reason)
    there = contents.defaults
    details = []
    if not there.s3_blocked:
        details.append(_switch("S3 public access block"))
    if not there.ebs_encrypted:
        details.append(_switch("EBS encryption by default"))
    if not there.images_blocked:
        details.append(_switch("block of public images"))
    if not there.snapshots_blocked:
        details.append(_switch("block of public snapshots"))
    for vpc in there.default_vpcs:
        details.append(Detail(f"default VPC {vpc}", Effect.REMOVE))
    if not details:
        return Change(defaults.address, Action.NO_OP)
    words = ", ".join(d.name for d in details)
    return Change(defaults.address, Action.UPDATE, words, tuple(details))


def door_change(account: str, observed: Observed) -> Change:
    """Compare who can enter an account by the role that Organizations made in it."""
    address = door_address(account)
    there = observed.accounts.get(account)
    if there is not None and not is_usable(there):
        return Change(address, Action.NO_OP, f"account is {there.state}")
    contents = observed.contents.get(account)
    if contents is not None and contents.open_door is not True:
        return Change(address, Action.NO_OP)
    return Change(address, Action.UPDATE, "closed to all but break-glass")


def _switch(name: str) -> Detail:
    return Detail(name, Effect.IN_PLACE, "drift", (Difference(name, *_OFF_ON),))
