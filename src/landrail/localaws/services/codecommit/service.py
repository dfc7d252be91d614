"""The CodeCommit service: its parts put together behind the seam of the gateway."""

from __future__ import annotations

from collections.abc import Mapping

from landrail.localaws.api import Answering, Door, Operation, Platform
from landrail.localaws.services.codecommit.changes import Changes
from landrail.localaws.services.codecommit.contents import Contents
from landrail.localaws.services.codecommit.http import PREFIX, door
from landrail.localaws.services.codecommit.repositories import Repositories
from landrail.localaws.store import Tables


class CodeCommit(Answering):
    """Repositories, branches, commits and files; git pull and push over HTTP."""

    name = "codecommit"
    owned = True

    def __init__(self, platform: Platform, tables: Tables) -> None:
        repositories = Repositories(platform, tables)
        changes = Changes(repositories)
        self.operations: Mapping[str, Operation] = {
            **repositories.operations(),
            **Contents(repositories).operations(),
            **changes.operations(),
        }
        self.doors: Mapping[str, Door] = {PREFIX: door(platform, repositories, changes.moved)}
