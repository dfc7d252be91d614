"""What the build project tells the steps, read once from the environment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from landrail.diagnostics import Diagnostic, Mistakes


class Variable(StrEnum):
    """The variables of `docs/platform.md`, and those of CodeBuild that the steps read."""

    MODEL = "LANDRAIL_MODEL"
    GATE = "LANDRAIL_GATE"
    RELEASE_ROLE = "LANDRAIL_RELEASE_ROLE"
    JOB_ROLE = "LANDRAIL_JOB_ROLE"
    MODEL_ROLE = "LANDRAIL_MODEL_ROLE"
    PACKAGE_GROUP = "LANDRAIL_PACKAGE_GROUP"
    IMAGE_REPOSITORY = "LANDRAIL_IMAGE_REPOSITORY"
    BASE_IMAGE = "LANDRAIL_BASE_IMAGE"
    CODEARTIFACT_DOMAIN = "LANDRAIL_CODEARTIFACT_DOMAIN"
    CODEARTIFACT_REPOSITORY = "LANDRAIL_CODEARTIFACT_REPOSITORY"
    CODEARTIFACT_OWNER = "LANDRAIL_CODEARTIFACT_OWNER"
    ARTIFACT_BUCKET = "LANDRAIL_ARTIFACT_BUCKET"
    ARTIFACT_KEY = "LANDRAIL_ARTIFACT_KEY_ARN"
    STAGE_BUCKET = "LANDRAIL_STAGE_BUCKET"
    STAGE_KEY = "LANDRAIL_STAGE_KEY"
    DATASETS = "LANDRAIL_DATASETS"
    SERVE = "LANDRAIL_SERVE"
    DEPLOY = "LANDRAIL_DEPLOY"
    BATCH = "LANDRAIL_BATCH"
    BATCH_DATA = "LANDRAIL_BATCH_DATA"
    BATCH_RESUME = "LANDRAIL_BATCH_RESUME"
    SUBNETS_PARAMETER = "LANDRAIL_SUBNETS_PARAMETER"
    SECURITY_GROUP_PARAMETER = "LANDRAIL_SECURITY_GROUP_PARAMETER"
    COMMIT = "CODEBUILD_RESOLVED_SOURCE_VERSION"
    BUILD_ID = "CODEBUILD_BUILD_ID"
    INITIATOR = "CODEBUILD_INITIATOR"
    EXECUTION = "LANDRAIL_EXECUTION"
    STAGE = "LANDRAIL_STAGE"
    ENDPOINT = "LANDRAIL_ENDPOINT"
    SHELF = "LANDRAIL_SHELF"
    CHOICE = "LANDRAIL_CHOICE"


_PARAMETER = "LANDRAIL_PARAMETER_"


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment of a build; a variable is asked for when a step needs it."""

    environment: Mapping[str, str]

    def __getitem__(self, variable: Variable) -> str:
        value = self.environment.get(variable, "")
        if not value:
            raise Mistakes(
                [
                    Diagnostic(
                        f"the variable `{variable}` is not set",
                        "the steps of a model run in build projects that `landrail apply` makes",
                    )
                ]
            )
        return value

    @property
    def run(self) -> str:
        """A short name for this build, unique among the model's: the end of its build id."""
        return self[Variable.BUILD_ID].rpartition(":")[2][:8]

    @property
    def parameters(self) -> dict[str, str]:
        """The model's parameters, as the execution has them."""
        named = (one for one in self.environment.items() if one[0].startswith(_PARAMETER))
        return {name.removeprefix(_PARAMETER): value for name, value in named}

    def serves(self, how: str) -> bool:
        """Whether the model serves so: `online`, `batch`."""
        return how in self.environment.get(Variable.SERVE, "online").split(",")

    def said(self, variable: Variable) -> str:
        """Return a variable that may say nothing (`-`): empty then."""
        value = self.environment.get(variable, "")
        return "" if value == "-" else value

    @property
    def in_development(self) -> bool:
        """Whether this is the stage before UAT, which registers nothing."""
        return self.environment.get(Variable.STAGE) == "development"

    def data_uri(self, data: str) -> str:
        """Return where a data set lies, for `NAME@VERSION`; raises Mistakes for one that the stage
        was not granted."""
        name, _, version = data.partition("@")
        granted: dict[str, dict[str, str]] = json.loads(self[Variable.DATASETS])
        if name not in granted:
            raise Mistakes(
                [
                    Diagnostic(
                        f"data set `{name}` is not granted here",
                        f"granted: {', '.join(granted) or 'none'}; see `datasets:` of the file",
                    )
                ]
            )
        return f"{granted[name]['uri'].rstrip('/')}/v={version}/"
