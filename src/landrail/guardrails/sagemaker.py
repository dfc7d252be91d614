"""What the guardrails of SageMaker share: where they are for, and which actions run something.

SageMaker has actions that make the same things as others and carry no condition key: here stands
for each by which guardrail it is held otherwise. Values only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.guardrails.actions import carrying
from landrail.guardrails.holding import InPlace
from landrail.guardrails.powers import PLATFORM, role

ML_KINDS = ("data-science", "uat", "production", "development")
"""Where jobs, notebooks and endpoints run."""
OTHER_KINDS = ("shared-services", "data-management", "log-archive", "audit")
"""Where they do not; the registry is in shared services."""

MONITORS = ("DataQuality", "ModelBias", "ModelExplainability", "ModelQuality")
"""What a monitoring job is about, as types of CloudFormation begin: `...JobDefinition`."""

SCIENTISTS = (role("data-scientist-*"), role("studio-*"))
SERVERS = (role("release-stack"), *SCIENTISTS)
"""Who makes endpoint configurations of models."""

OF_MODELS = {"CreateEndpointConfig": InPlace(SERVERS, "sagemaker:ModelArn")}
"""A configuration that names models takes its network from them, and AWS takes no other beside
it; their CreateModel is held. One that names none (inference components) has its own."""

OF_DOMAINS = {"UpdateDomain": InPlace((role(PLATFORM),))}
"""CloudFormation need not say again of a domain that is there what it does not change."""

_OTHERWISE: Mapping[str, str] = {
    "CreateEndpoint": "runs an endpoint configuration: CreateEndpointConfig is held",
    "UpdateEndpoint": "runs an endpoint configuration: CreateEndpointConfig is held",
    "CreateInferenceComponent": "runs in an endpoint: CreateEndpointConfig is held",
    "UpdateInferenceComponent": "runs in an endpoint: CreateEndpointConfig is held",
    "CreatePipeline": "its steps are calls of its execution role: each is held",
    "UpdatePipeline": "its steps are calls of its execution role: each is held",
    "StartPipelineExecution": "its steps are calls of its execution role: each is held",
    "CreateModel": "runs in jobs and endpoints, which are held",
    "CreateTransformJob": "runs a model: CreateModel is held",
    "StartMonitoringSchedule": "starts a schedule: CreateMonitoringSchedule is held",
    "StartNotebookInstance": "starts a notebook: CreateNotebookInstance is held",
    "CreateApp": "runs in a domain: CreateDomain is held",
    "CreateSpace": "lies in a domain: CreateDomain is held",
    "CreateUserProfile": "lies in a domain: CreateDomain is held",
    "CreateLabelingJob": "people label; its own training is of AutoML",
}
_BARE = (
    "CreateAIBenchmarkJob",
    "CreateAIRecommendationJob",
    "CreateAIWorkloadConfig",
    "CreateAlgorithm",
    "CreateCompilationJob",
    "CreateEdgePackagingJob",
    "CreateInferenceExperiment",
    "CreateInferenceRecommendationsJob",
    "CreateMlflowApp",
    "CreateMlflowTrackingServer",
    "CreateOptimizationJob",
    "StartInferenceExperiment",
    "UpdateInferenceExperiment",
)
_COMPUTE = ("VpcSubnets", "VolumeKmsKeyArn", "NetworkIsolation", "InterContainerTrafficEncryption")


def bare() -> tuple[str, ...]:
    """Return the actions that run something and carry no key by which to hold how."""
    held = {name for key in _COMPUTE for name in carrying("sagemaker", f"sagemaker:{key}")}
    return tuple(name for name in _BARE if name not in held)


def running_without(key: str) -> Mapping[str, str]:
    """Return the actions that run something and do not carry a key, each with what holds it."""
    every = {name for one in _COMPUTE for name in carrying("sagemaker", f"sagemaker:{one}")}
    every |= {*_OTHERWISE, *_BARE}
    carried = set(carrying("sagemaker", key))
    return {name: _reason(name) for name in sorted(every - carried)}


def _reason(name: str) -> str:
    if name in _BARE:
        return "carries no key: denied by `sagemaker-deny-unguarded-compute`"
    return _OTHERWISE.get(name, "has no such setting")


def images(properties: Mapping[str, Any]) -> Iterator[str]:
    """Yield the images of a model in a template, those left out that only AWS knows."""
    listed = properties.get("Containers")
    several = listed if isinstance(listed, list) else []
    for container in (properties.get("PrimaryContainer"), *several):
        image = container.get("Image") if isinstance(container, Mapping) else None
        if isinstance(image, str):
            yield image
