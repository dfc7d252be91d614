"""The table of resource types: what the local CloudFormation makes, and how.

`TYPES` is the whole list, by name. `python -m landrail.localaws.services.cloudformation.types`
prints it as the page `docs/resource-types.md`.
"""

from __future__ import annotations

from collections.abc import Mapping

from landrail.localaws.services.cloudformation.types import iam, s3
from landrail.localaws.services.cloudformation.types.kind import ResourceType

TYPES: Mapping[str, ResourceType] = {
    **iam.TYPES,
    **s3.TYPES,
}

__all__ = ["TYPES", "ResourceType"]
