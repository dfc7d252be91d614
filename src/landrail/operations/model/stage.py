"""The stage's account as its release role sees it: clients, network, names of jobs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from landrail.aws.builds import BuildSession
from landrail.operations.model.settings import Settings, Variable

LONGEST_SECONDS = 4 * 3600
"""How long a job of a build may run."""


@dataclass(frozen=True)
class Stage:
    """UAT or production, entered by the release role that trusts this build's role alone."""

    settings: Settings
    build: BuildSession

    @cached_property
    def session(self) -> BuildSession:
        """The session of the release role; its name leads from the trail to the build."""
        name = f"{self.settings[Variable.MODEL]}-{self.settings.run}"
        return self.build.entered(self.settings[Variable.RELEASE_ROLE], name)

    def client(self, service: str) -> Any:
        """A client of the release role."""
        return self.session.client(service)

    def parameter(self, variable: Variable) -> str:
        """The SSM parameter of the stage that a variable names."""
        answer = self.client("ssm").get_parameter(Name=self.settings[variable])
        return str(answer["Parameter"]["Value"])

    @cached_property
    def network(self) -> dict[str, list[str]]:
        """The private subnets and security group that jobs and models run in."""
        return {
            "Subnets": self.parameter(Variable.SUBNETS_PARAMETER).split(","),
            "SecurityGroupIds": [self.parameter(Variable.SECURITY_GROUP_PARAMETER)],
        }

    def job_name(self, kind: str) -> str:
        """A name for a job of this build: at most 63 characters, as SageMaker asks."""
        tail = f"-{kind}-{self.settings.run}"
        return self.settings[Variable.MODEL][: 63 - len(tail)] + tail

    def tags(self, commit: str) -> list[dict[str, str]]:
        """What every job and model of this build is tagged with."""
        return [
            {"Key": "landrail:model", "Value": self.settings[Variable.MODEL]},
            {"Key": "landrail:commit", "Value": commit},
        ]
