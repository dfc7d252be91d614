"""CodeCommit, CodeBuild, CodePipeline, CodeArtifact and ECR: how each names its resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from landrail.localaws.gateway.requests.arns import all_at, given_arns
from landrail.localaws.gateway.requests.key_tables import codebuild_keys, ecr_keys
from landrail.localaws.gateway.requests.rules import Rules
from landrail.localaws.gateway.requests.used_keys import keys_of_repositories
from landrail.localaws.gateway.requests.values import (
    Authorization,
    Call,
    ContextValue,
    Lookup,
    Unresolved,
)


def _commit_keys(call: Call) -> Mapping[str, ContextValue]:
    """`codecommit:References`: the branches a call writes to, in full."""
    names = [call.params.get(n) for n in ("branchName", "destinationBranch", "targetBranch")]
    if call.operation.startswith("MergeBranches") and not call.params.get("targetBranch"):
        names.append(call.params.get("destinationCommitSpecifier"))
    references = [f"refs/heads/{str(n).removeprefix('refs/heads/')}" for n in names if n]
    return {"codecommit:References": tuple(references)} if references else {}


def _renamed(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    return [
        Authorization(
            "codecommit:UpdateRepositoryName",
            f"arn:aws:codecommit:{call.region}:{call.account}:{call.params.get(name, '*')}",
            call.account,
        )
        for name in ("oldName", "newName")
    ]


def _of_pull_request(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    """Pull requests and comments are known by numbers that do not tell their repository, and there
    are none on the local AWS: all repositories are meant."""
    targets = [str(n) for n in all_at(call.params, "targets.repositoryName")]
    named = [str(n) for n in (call.params.get("repositoryName"),) if n]
    arn = f"arn:aws:codecommit:{call.region}:{call.account}"
    return [
        Authorization(f"codecommit:{call.operation}", f"{arn}:{name}", call.account)
        for name in targets or named or ["*"]
    ]


_PULL_REQUESTS = """
DeleteCommentContent DeletePullRequestApprovalRule EvaluatePullRequestApprovalRules
OverridePullRequestApprovalRules PostCommentReply PutCommentReaction UpdateComment
UpdatePullRequestApprovalRuleContent UpdatePullRequestApprovalState UpdatePullRequestDescription
UpdatePullRequestStatus UpdatePullRequestTitle CreatePullRequest CreatePullRequestApprovalRule
DescribePullRequestEvents GetComment GetCommentReactions GetPullRequest
GetPullRequestApprovalStates GetPullRequestOverrideState MergePullRequestByFastForward
MergePullRequestBySquash MergePullRequestByThreeWay
"""

CODECOMMIT = Rules(
    "codecommit",
    keys=_commit_keys,
    custom={
        "UpdateRepositoryName": _renamed,
        **dict.fromkeys(_PULL_REQUESTS.split(), _of_pull_request),
    },
)


def _of_build(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    """Builds are authorized on their project, which stands before the colon of their id."""
    given: Any = call.params.get("id") or call.params.get("ids") or ()
    ids = [given] if isinstance(given, str) else list(given)
    projects = dict.fromkeys(str(i).rpartition("/")[2].partition(":")[0] for i in ids)
    if not projects:
        raise Unresolved("codebuild", call.operation, "which build it is about")
    base = f"arn:aws:codebuild:{call.region}:{call.account}:project"
    return [
        Authorization(f"codebuild:{call.operation}", f"{base}/{name}", call.account)
        for name in projects
    ]


_OF_BUILDS = (
    "BatchGetBuilds",
    "BatchDeleteBuilds",
    "BatchGetBuildBatches",
    "DeleteBuildBatch",
    "RetryBuild",
    "RetryBuildBatch",
    "StopBuild",
    "StopBuildBatch",
    "StopSandbox",
    "BatchGetSandboxes",
)


def _of_reports(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    """Reports are authorized on their group, whose name stands before the last colon of theirs."""
    groups = dict.fromkeys(map(_group_of, given_arns(call.params)))
    if not groups:
        raise Unresolved("codebuild", call.operation, "which report group it is about")
    return [
        Authorization(f"codebuild:{call.operation}", arn, _owner(arn) or call.account)
        for arn in groups
    ]


def _group_of(arn: str) -> str:
    head, found, rest = arn.partition(":report/")
    return f"{head}:report-group/{rest.rpartition(':')[0]}" if found else arn


def _owner(arn: str) -> str:
    parts = arn.split(":")
    return parts[4] if len(parts) > 5 else ""


_OF_REPORTS = (
    "BatchGetReportGroups",
    "BatchGetReports",
    "DeleteReport",
    "DeleteReportGroup",
    "DescribeCodeCoverages",
    "DescribeTestCases",
    "GetReportGroupTrend",
    "ListReportsForReportGroup",
    "UpdateReportGroup",
)

CODEBUILD = Rules(
    "codebuild",
    keys=codebuild_keys,
    names={
        "ProjectName": ("projectName", "projectNames", "name", "names"),
        "ReportGroupName": ("name", "reportGroupName"),
        "FleetName": ("name", "names"),
    },
    stand_ins={"FleetId": "*"},
    custom={
        **dict.fromkeys(_OF_BUILDS, _of_build),
        **dict.fromkeys(_OF_REPORTS, _of_reports),
    },
    passed_to="codebuild.amazonaws.com",
    passes={
        "CreateProject": ("serviceRole", "buildBatchConfig.serviceRole"),
        "StartBuild": ("serviceRoleOverride",),
        "StartBuildBatch": ("serviceRoleOverride",),
        "UpdateProject": ("serviceRole", "buildBatchConfig.serviceRole"),
    },
)


def _passed_connections(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    """Whoever puts a connection into a pipeline passes it to CodePipeline."""
    found = all_at(call.params, "pipeline.stages.actions.configuration.ConnectionArn")
    passed = []
    for arn in dict.fromkeys(str(one) for one in found):
        service = arn.split(":")[2] if arn.count(":") == 5 else ""
        if service in ("codeconnections", "codestar-connections"):
            keys = {f"{service}:PassedToService": "codepipeline.amazonaws.com"}
            action = f"{service}:PassConnection"
            passed.append(Authorization(action, arn, call.account, keys))
    return passed


CODEPIPELINE = Rules(
    "codepipeline",
    names={
        "PipelineName": ("pipelineName", "pipeline.name", "name", "webhook.targetPipeline"),
        "WebhookName": ("name", "webhookName", "webhook.name"),
        "Owner": ("actionTypeId.owner", "actionType.id.owner", "actionTypeOwner"),
        "Category": ("actionTypeId.category", "actionType.id.category", "category"),
        "Provider": ("actionTypeId.provider", "actionType.id.provider", "provider"),
        "Version": ("actionTypeId.version", "actionType.id.version", "version"),
    },
    stand_ins={"Owner": "Custom"},
    passed_to="codepipeline.amazonaws.com",
    passes={"CreatePipeline": ("pipeline.roleArn",), "UpdatePipeline": ("pipeline.roleArn",)},
    also={"CreatePipeline": _passed_connections, "UpdatePipeline": _passed_connections},
)


def _connection_keys(call: Call) -> Mapping[str, ContextValue]:
    wanted = call.params.get("ProviderType") or call.params.get("ProviderTypeFilter")
    if not wanted:
        return {}
    word = "ProviderType" if call.params.get("ProviderType") else "ProviderTypeFilter"
    return {f"{call.service}:{word}": str(wanted)}


def _connections(prefix: str) -> Rules:
    """CodeConnections under one of its two names."""
    return Rules(prefix, keys=_connection_keys)


CODECONNECTIONS = _connections("codeconnections")
CODESTAR_CONNECTIONS = _connections("codestar-connections")


def _bearer(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    context = {"sts:AWSServiceName": "codeartifact.amazonaws.com"}
    return [Authorization("sts:GetServiceBearerToken", "*", call.account, context)]


CODEARTIFACT = Rules(
    "codeartifact",
    owner="domainOwner",
    names={
        "DomainName": ("domain",),
        "RepositoryName": ("repository", "destinationRepository"),
        "PackageFormat": ("format",),
        "PackageNamespace": ("namespace",),
        "PackageName": ("package",),
        "PackageGroupPattern": ("packageGroup", "pattern"),
    },
    stand_ins={"PackageNamespace": "", "EncodedPackageGroupPattern": "*"},
    also={"GetAuthorizationToken": _bearer},
)

ECR = Rules(
    "ecr",
    owner="registryId",
    gaps=frozenset({"ListImageReferrers"}),
    keys=ecr_keys,
    used_keys=keys_of_repositories,
)
