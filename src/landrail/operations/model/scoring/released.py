"""What production has: read from the stack that was released, never from a newer candidate."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from landrail.diagnostics import Diagnostic, Mistakes
from landrail.operations.model.serving import RELEASED
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.stage import Stage


@dataclass(frozen=True, slots=True)
class Released:
    """A released version: its model in SageMaker, what that is made of, and how it scores."""

    model: str
    package: str
    image: str
    model_data: str
    commit: str
    data: str
    entrypoint: list[str]
    instance_type: str
    serving: bool
    batch: Mapping[str, Any]

    @property
    def lineage(self) -> dict[str, str]:
        """Return what a manifest says of the version."""
        return {
            "package": self.package,
            "model": self.model,
            "image": self.image,
            "model_data": self.model_data,
            "commit": self.commit,
            "trained_on": self.data,
        }


def find_released(settings: Settings, stage: Stage) -> Released:
    """Return what the model's stack in production holds; raises Mistakes where nothing is
    released."""
    name = stack_name(settings)
    outputs = _outputs(name, stage)
    if RELEASED not in outputs:
        raise Mistakes(
            [
                Diagnostic(
                    f"the stack `{name}` does not say how its model scores files",
                    "it was released before the model served by `batch`: release it anew",
                )
            ]
        )
    said = json.loads(outputs[RELEASED])
    return Released(
        model=outputs["ModelName"],
        package=outputs["ModelPackage"],
        image=said["image"],
        model_data=said["model_data"],
        commit=said["commit"],
        data=said["data"],
        entrypoint=said["entrypoint"],
        instance_type=said["instance_type"],
        serving=said.get("serving", False),
        batch=said["batch"],
    )


def stack_name(settings: Settings) -> str:
    """Return the name of the model's stack in the stage."""
    return f"model-{settings[Variable.ENDPOINT]}"


def model_of(name: str, stage: Stage) -> str:
    """Return the model that a stack holds; raises Mistakes without one."""
    return _outputs(name, stage)["ModelName"]


def _outputs(name: str, stage: Stage) -> dict[str, str]:
    try:
        found = stage.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        raise Mistakes(
            [
                Diagnostic(
                    f"nothing is released: there is no stack `{name}`",
                    "approve a release of the model first",
                )
            ]
        ) from None
    return {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", ())}
