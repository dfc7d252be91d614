"""The CodeBuild service: its parts put together behind the seam of the gateway."""

from __future__ import annotations

from collections.abc import Mapping

from landrail.localaws.api import Answering, Door, Operation, Platform
from landrail.localaws.services.codebuild.builds import Builds
from landrail.localaws.services.codebuild.projects import Projects
from landrail.localaws.store import Tables


class CodeBuild(Answering):
    """Projects and builds; a build runs its buildspec as a process under the project's role."""

    name = "codebuild"
    owned = True

    def __init__(self, platform: Platform, tables: Tables) -> None:
        projects = Projects(tables)
        self._builds = Builds(platform, tables, projects)
        self.operations: Mapping[str, Operation] = {
            **projects.operations(),
            **self._builds.operations(),
        }
        self.doors: Mapping[str, Door] = {}

    def start(self) -> None:
        """Fail the builds that were cut off."""
        self._builds.recover()

    def stop(self) -> None:
        """Stop the builds under way."""
        self._builds.stop_all()
