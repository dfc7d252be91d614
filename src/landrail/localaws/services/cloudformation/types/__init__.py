"""The table of resource types: what the local CloudFormation makes, and how.

`TYPES` is the whole list, by name. `python -m landrail.localaws.services.cloudformation.types`
prints it as the page `docs/resource-types.md`.
"""

from __future__ import annotations

from collections.abc import Mapping

from landrail.localaws.services.cloudformation.types import (
    cloudwatch,
    codeartifact,
    codecommit,
    codepipeline,
    config,
    connections,
    ec2,
    ecr,
    events,
    glue,
    iam,
    iam_policies,
    kms,
    messaging,
    models,
    pipelines,
    s3,
    scaling,
    security_groups,
    studio,
    trails,
)
from landrail.localaws.services.cloudformation.types.kind import ResourceType

_MODULES = (
    iam,
    iam_policies,
    s3,
    kms,
    messaging,
    ec2,
    security_groups,
    events,
    trails,
    config,
    ecr,
    codecommit,
    codeartifact,
    pipelines,
    codepipeline,
    connections,
    studio,
    models,
    cloudwatch,
    scaling,
    glue,
)

TYPES: Mapping[str, ResourceType] = {
    name: entry for module in _MODULES for name, entry in sorted(module.TYPES.items())
}

__all__ = ["TYPES", "ResourceType"]
