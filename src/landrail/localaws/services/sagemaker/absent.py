"""Kinds that nobody can make on the local AWS: there are none, and their lists say so.

Tools that audit an account list every kind there is; an empty list is the truth here. Making one,
or describing one by name, is refused as not supported.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, Operation
from landrail.localaws.services.sagemaker.validation import check

# operation: the list in its answer
ABSENT: Mapping[str, str] = {
    "ListActions": "ActionSummaries",
    "ListAlgorithms": "AlgorithmSummaryList",
    "ListAppImageConfigs": "AppImageConfigs",
    "ListApps": "Apps",
    "ListArtifacts": "ArtifactSummaries",
    "ListAutoMLJobs": "AutoMLJobSummaries",
    "ListClusters": "ClusterSummaries",
    "ListCodeRepositories": "CodeRepositorySummaryList",
    "ListCompilationJobs": "CompilationJobSummaries",
    "ListContexts": "ContextSummaries",
    "ListDataQualityJobDefinitions": "JobDefinitionSummaries",
    "ListDeviceFleets": "DeviceFleetSummaries",
    "ListEdgePackagingJobs": "EdgePackagingJobSummaries",
    "ListExperiments": "ExperimentSummaries",
    "ListFeatureGroups": "FeatureGroupSummaries",
    "ListFlowDefinitions": "FlowDefinitionSummaries",
    "ListHumanTaskUis": "HumanTaskUiSummaries",
    "ListHyperParameterTuningJobs": "HyperParameterTuningJobSummaries",
    "ListImages": "Images",
    "ListInferenceComponents": "InferenceComponents",
    "ListInferenceExperiments": "InferenceExperiments",
    "ListInferenceRecommendationsJobs": "InferenceRecommendationsJobs",
    "ListLabelingJobs": "LabelingJobSummaryList",
    "ListMlflowTrackingServers": "TrackingServerSummaries",
    "ListModelBiasJobDefinitions": "JobDefinitionSummaries",
    "ListModelCards": "ModelCardSummaries",
    "ListModelExplainabilityJobDefinitions": "JobDefinitionSummaries",
    "ListModelQualityJobDefinitions": "JobDefinitionSummaries",
    "ListMonitoringExecutions": "MonitoringExecutionSummaries",
    "ListMonitoringSchedules": "MonitoringScheduleSummaries",
    "ListNotebookInstanceLifecycleConfigs": "NotebookInstanceLifecycleConfigs",
    "ListOptimizationJobs": "OptimizationJobSummaries",
    "ListPipelines": "PipelineSummaries",
    "ListProjects": "ProjectSummaryList",
    "ListSpaces": "Spaces",
    "ListStudioLifecycleConfigs": "StudioLifecycleConfigs",
    "ListSubscribedWorkteams": "SubscribedWorkteams",
    "ListTrialComponents": "TrialComponentSummaries",
    "ListTrials": "TrialSummaries",
    "ListWorkforces": "Workforces",
    "ListWorkteams": "Workteams",
}


def operations() -> dict[str, Operation]:
    """Return the operations by name."""
    return {name: _none(answer) for name, answer in ABSENT.items()}


def _none(answer: str) -> Operation:
    def listed(call: ApiCall) -> Mapping[str, Any]:
        check(call)
        return {answer: []}

    return listed
