"""The sections about guardrails beside `guardrails` itself: waivers of findings, and the quotas of
the organization that policies must fit."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator

from landrail.spec.sections import Part
from landrail.spec.texts import Count, Expiry, Name, Words, mistake

OF_THE_AUDIT = frozenset(
    {"accounts-in-file", "accounts-in-place", "accounts-readable", "recorder-on"}
)
"""What the audit checks by itself: no guardrail of the catalogue, but a finding like the others."""


def _account(value: str) -> str:
    if re.fullmatch(r"[0-9]+", value) and len(value) != 12:
        raise mistake(f"account id {value} has {len(value)} digits", "an account id has 12 digits")
    return value


class Waiver(Part):
    """A finding that somebody answers for, until a day: it is reported as waived, not as open."""

    guardrail: Name
    """Id of the guardrail, or of a check of the audit's own."""
    account: Annotated[Words, AfterValidator(_account)]
    """Account of the file, by its name, or any account of the organization by its id."""
    resource: Words
    """ARN or id of the resource, or a pattern with `*` and `?`."""
    owner: Words
    """Who answers for it."""
    reason: Words
    """Why it is accepted."""
    approver: Words
    """Who accepted it."""
    expires: Expiry
    """Last day of the waiver (UTC): the finding counts again after it."""

    def ended(self, today: date) -> bool:
        """Say whether the waiver no longer holds."""
        return self.expires < today


class Quotas(Part):
    """Quotas of the organization, where AWS has set others than it gives today."""

    scps_per_target: Count = 10
    """Service control policies attached to one target, `FullAWSAccess` counted."""
    scp_characters: Count = 10240
    """Characters of one service control policy."""
    rcps_per_target: Count = 5
    """Resource control policies attached to one target, `RCPFullAWSAccess` counted."""
    rcp_characters: Count = 5120
    """Characters of one resource control policy."""
