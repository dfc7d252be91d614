"""The ECR service: its parts put together behind the seam of the gateway."""

from __future__ import annotations

from collections.abc import Mapping

from landrail.localaws.api import Answering, Door, Operation, Platform
from landrail.localaws.services.ecr.content import Content
from landrail.localaws.services.ecr.distribution import PREFIX, Distribution
from landrail.localaws.services.ecr.images import Images
from landrail.localaws.services.ecr.lifecycle import Lifecycle
from landrail.localaws.services.ecr.registry import Registry
from landrail.localaws.services.ecr.repositories import Repositories
from landrail.localaws.services.ecr.tokens import Tokens
from landrail.localaws.services.ecr.uploads import Uploads
from landrail.localaws.store import Blobs, Tables


class Ecr(Answering):
    """Repositories and images; push and pull by the OCI distribution API."""

    name = "ecr"
    owned = True

    def __init__(self, platform: Platform, tables: Tables, blobs: Blobs) -> None:
        images = Images(tables, blobs)
        self._repositories = repositories = Repositories(tables, images)
        uploads = Uploads(platform.state / "ecr" / "uploads", blobs)
        lifecycle = Lifecycle(repositories, images)
        tokens = Tokens(platform, tables)
        content = Content(platform.endpoint, repositories, images, uploads, lifecycle)
        self.operations: Mapping[str, Operation] = {
            **repositories.operations(),
            **content.operations(),
            **lifecycle.operations(),
            **Registry(tables).operations(),
            "GetAuthorizationToken": tokens.give,
        }
        door = Distribution(platform, tokens, repositories, images, uploads, lifecycle)
        self.doors: Mapping[str, Door] = {PREFIX: door.handle}

    def resource_policy(self, account: str, region: str, arn: str) -> str | None:
        """Return the policy of a repository."""
        name = arn.partition(":repository/")[2]
        record = self._repositories.find(account, region, name) if name else None
        return record["policy"] if record else None
