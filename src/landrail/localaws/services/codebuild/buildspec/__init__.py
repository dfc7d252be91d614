"""The buildspec: version 0.2 as AWS documents it, read into values."""

from landrail.localaws.services.codebuild.buildspec.kept import COVERAGE_FORMATS, TEST_FORMATS
from landrail.localaws.services.codebuild.buildspec.nodes import BuildspecError
from landrail.localaws.services.codebuild.buildspec.parsing import parse
from landrail.localaws.services.codebuild.buildspec.values import (
    PHASES,
    Artifact,
    Buildspec,
    Cache,
    OnFailure,
    Phase,
    ReportFiles,
)

__all__ = [
    "COVERAGE_FORMATS",
    "PHASES",
    "TEST_FORMATS",
    "Artifact",
    "Buildspec",
    "BuildspecError",
    "Cache",
    "OnFailure",
    "Phase",
    "ReportFiles",
    "parse",
]
