"""The CodeBuild service: its parts put together behind the seam of the gateway."""

from __future__ import annotations

from collections.abc import Mapping

from landrail.localaws.api import Answering, Door, Operation, Platform
from landrail.localaws.services.codebuild.builds import Builds
from landrail.localaws.services.codebuild.projects import Projects
from landrail.localaws.services.codebuild.reports.groups import Groups
from landrail.localaws.services.codebuild.reports.store import Reports
from landrail.localaws.services.codebuild.running import Runs
from landrail.localaws.store import Tables
from landrail.localaws.store.checking import checked


class CodeBuild(Answering):
    """Projects, builds and reports; a build runs its buildspec as a process under the project's
    role."""

    name = "codebuild"
    owned = True

    def __init__(self, platform: Platform, tables: Tables) -> None:
        projects, groups = Projects(tables), Groups(tables)
        reports = Reports(tables, groups)
        self._runs = Runs(platform, tables, projects, reports)
        found: Mapping[str, Operation] = {
            **projects.operations(),
            **Builds(tables, projects, self._runs).operations(),
            **groups.operations(),
            **reports.operations(),
        }
        self.operations: Mapping[str, Operation] = {
            name: checked(one) for name, one in found.items()
        }
        self.doors: Mapping[str, Door] = {}

    def start(self) -> None:
        """Take up the builds that waited, and fail those that were cut off."""
        self._runs.recover()

    def stop(self) -> None:
        """Stop the builds under way."""
        self._runs.stop_all()
