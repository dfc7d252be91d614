"""What the demo knows of the platform that stands: ids, buckets and roles by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from landrail.compiler import site
from landrail.resources import Token, Wanted, substitute
from landrail.spec import Platform

MODEL = "delays"
LOB = "passengers"
DATASET, OTHER_DATASET = "flights", "shipments"
SCIENCE, UAT, PRODUCTION = f"{LOB}-data-science", f"{LOB}-uat", f"{LOB}-production"
OTHER_SCIENCE = "cargo-data-science"
SHARED, LAKE = "shared-prod", "data-prod"
TEAM = "punctuality"


@dataclass(frozen=True, slots=True)
class Facts:
    """The document, what was compiled of it, and the ids of the accounts by name."""

    document: Platform
    wanted: Wanted
    ids: Mapping[str, str]

    def known(self, text: str) -> str:
        """Return a text with the ids of accounts in place of their tokens."""
        values = {Token("account", name): number for name, number in self.ids.items()}
        return str(substitute(text, values))

    def role(self, account: str, name: str) -> str:
        """Return the ARN of one of the platform's roles."""
        return f"arn:aws:iam::{self.ids[account]}:role/landrail/{name}"

    def lake(self, dataset: str) -> str:
        """Return the bucket of a data set."""
        return self.known(site.lake_bucket(self.document, LAKE, dataset))

    def workspace(self, account: str) -> str:
        """Return the bucket that data scientists of an account work in."""
        return self.known(site.workspace_bucket(self.document, account))

    def stage(self, account: str) -> str:
        """Return the bucket of jobs' outputs in an account."""
        return self.known(site.stage_bucket(self.document, account))

    def arn(self, account: str, service: str, resource: str) -> str:
        """Return an ARN in the platform's region."""
        return f"arn:aws:{service}:{self.document.region}:{self.ids[account]}:{resource}"

    def guardrail_of(self, policy: str, sid: str) -> str | None:
        """Return the guardrail behind a statement of a policy, or None."""
        return self.wanted.guardrail_behind(policy, sid)
