"""The CodeArtifact service: its parts put together behind the seam of the gateway."""

from __future__ import annotations

from collections.abc import Mapping

from landrail.localaws.api import Answering, Door, Operation, Platform
from landrail.localaws.services.codeartifact.domains import Domains
from landrail.localaws.services.codeartifact.packages import Packages
from landrail.localaws.services.codeartifact.repositories import PREFIX, Repositories
from landrail.localaws.services.codeartifact.simple import Simple
from landrail.localaws.services.codeartifact.tokens import Tokens
from landrail.localaws.store import Blobs, Tables


class CodeArtifact(Answering):
    """Domains, repositories and Python packages."""

    name = "codeartifact"
    owned = True

    def __init__(self, platform: Platform, tables: Tables, blobs: Blobs) -> None:
        self._domains = domains = Domains(tables)
        self._repositories = repositories = Repositories(platform.endpoint, tables, domains)
        packages = Packages(tables, blobs, repositories)
        tokens = Tokens(platform, tables, domains)
        self.operations: Mapping[str, Operation] = {
            **domains.operations(),
            **repositories.operations(),
            **packages.operations(),
            "GetAuthorizationToken": tokens.give,
        }
        door = Simple(platform, tokens, repositories, packages)
        self.doors: Mapping[str, Door] = {PREFIX: door.handle}

    def resource_policy(self, account: str, region: str, arn: str) -> str | None:
        """Return the policy on a domain, on a repository, or on a package by its repository."""
        kind, _, rest = arn.split(":", 5)[5].partition("/")
        words = rest.split("/")
        if kind == "domain":
            record = self._domains.find(account, region, words[0])
        elif kind in ("repository", "package") and len(words) > 1:
            record = self._repositories.find(account, region, words[0], words[1])
        else:
            record = None
        return record["policy"] if record else None
