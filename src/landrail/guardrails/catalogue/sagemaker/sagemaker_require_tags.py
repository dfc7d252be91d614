"""Guardrail: nothing is made without tags."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Detective, Facts, Frameworks, Guardrail, Option
from landrail.guardrails.holding import Holding, InPlace
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM
from landrail.guardrails.sagemaker import ML_KINDS, SCIENTISTS

_LATER = "changes what has tags"
_APART = {
    "AddTags": "is the tagging itself",
    "DeleteTags": "is the tagging itself",
    "CreateModelPackage": "a version has the tags of its group: AWS takes no others",
    "CreateEdgeDeploymentStage": "its requests take no tags: its plan has them",
    "CreateReservedCapacity": "no request makes it: a training plan does",
    "RegisterDevices": "devices come with their fleet, which has tags",
    "UpdateMonitoringSchedule": _LATER,
    "UpdateProject": _LATER,
}
_BY_ITSELF = InPlace(SCIENTISTS)
_STUDIO = ("CreateApp", "CreateSpace", "CreateExperiment", "CreateTrial", "CreateTrialComponent")


def _tagged(facts: Facts) -> must.Must:
    wanted = facts.option("sagemaker-require-tags")
    if not wanted:
        return must.given()
    missing: must.Blocks = tuple({"Null": {f"aws:RequestTag/{key}": "true"}} for key in wanted)
    return must.Must(f"has {', '.join(wanted)}", lambda _keys: missing)


GUARDRAIL = Guardrail(
    id="sagemaker-require-tags",
    title="nothing is made without tags",
    why="what has no tag belongs to nobody, and nobody is asked before it is taken away",
    severity="low",
    remedy="give tags with the request",
    kinds=ML_KINDS,
    frameworks=Frameworks(conformance_packs=("sagemaker-governance",)),
    service_control=Holding(
        key="aws:TagKeys",
        of="sagemaker",
        must=_tagged,
        unless=BREAK_GLASS_AND_PLATFORM,
        apart=_APART,
        in_place=dict.fromkeys(_STUDIO, _BY_ITSELF),
    ),
    proactive=(
        *(
            templates.given(f"AWS::SageMaker::{kind}", "Tags")
            for kind in ("Model", "EndpointConfig", "NotebookInstance", "FeatureGroup")
        ),
    ),
    detective=(
        Detective("sagemaker-inferenceexperiment-tagged", from_file="requiredKeyTags"),
        Detective("sagemaker-notebook-instance-tagged", from_file="requiredKeyTags"),
        Detective("sagemaker-model-tagged", from_file="requiredKeyTags"),
        Detective("sagemaker-endpoint-config-tagged", from_file="requiredKeyTags"),
        Detective("sagemaker-endpoint-tagged", from_file="requiredKeyTags"),
        Detective("sagemaker-model-package-group-tagged", from_file="requiredKeyTags"),
        Detective("sagemaker-training-job-tagged", from_file="requiredKeyTags"),
        Detective("sagemaker-processing-job-tagged", from_file="requiredKeyTags"),
        Detective("sagemaker-transform-job-tagged", from_file="requiredKeyTags"),
        Detective("sagemaker-domain-tagged", from_file="requiredKeyTags"),
        Detective("sagemaker-feature-group-tagged", from_file="requiredKeyTags"),
    ),
    recommended=False,
    option=Option(
        "the keys of tags that must be there; without values, any tag will do",
        "[A-Za-z0-9 _.:/=+@-]+",
    ),
)
