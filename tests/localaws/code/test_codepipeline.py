"""CodePipeline through its public door: from a push to a stack, with an approval between."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from code_people import REGION, allow, listening_queue, until
from code_workshop import Workshop, action


def test_a_commit_becomes_a_stack(workshop: Workshop, account: str) -> None:
    deploy = action(
        "Deploy",
        "CloudFormation",
        "Stack",
        namespace="Deployed",
        configuration={
            "ActionMode": "CREATE_UPDATE",
            "StackName": workshop.name,
            "TemplatePath": "Out::out.json",
            "ParameterOverrides": json.dumps(
                {"Word": {"Fn::GetParam": ["Out", "values.json", "word"]}}
            ),
            "OutputFileName": "outputs.json",
        },
        inputArtifacts=[{"name": "Out"}],
        outputArtifacts=[{"name": "Outputs"}],
    )
    commit = workshop.commit("alpha")
    definition = workshop.definition(
        workshop.build_stage(), workshop.approval_stage(), {"name": "Deploy", "actions": [deploy]}
    )
    workshop.client.create_pipeline(pipeline=definition)
    execution = workshop.first()

    token = workshop.approval(execution)
    before = workshop.actions(execution)
    assert before["Build"]["output"]["outputVariables"] == {"WORD": "alpha"}
    build = workshop.person.client("codebuild").batch_get_builds(
        ids=[before["Build"]["output"]["executionResult"]["externalExecutionId"]]
    )["builds"][0]
    assert build["initiator"] == f"codepipeline/{workshop.name}"
    workshop.answer(token)
    status, after = workshop.over(execution), workshop.actions(execution)
    assert status == "Succeeded", after["Stack"]["output"]
    assert after["Approve"]["output"]["executionResult"]["externalExecutionSummary"] == (
        "looks right"
    )
    assert "assumed-role/OrganizationAccountAccessRole" in after["Approve"]["updatedBy"]
    name = after["Stack"]["output"]["outputVariables"]["Name"]
    value = workshop.person.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]
    assert value == "alpha"
    place = after["Stack"]["output"]["outputArtifacts"][0]["s3location"]
    body = workshop.person.client("s3").get_object(Bucket=place["bucket"], Key=place["key"])
    with zipfile.ZipFile(io.BytesIO(body["Body"].read())) as archive:
        assert json.loads(archive.read("outputs.json")) == {"Name": name}
    shown = workshop.client.get_pipeline_execution(
        pipelineName=workshop.name, pipelineExecutionId=execution
    )["pipelineExecution"]
    assert shown["artifactRevisions"][0]["revisionId"] == commit


def test_a_rejection_fails_is_told_and_the_token_dies(workshop: Workshop, account: str) -> None:
    url, arn = listening_queue(workshop.person, account, workshop.name)
    events, name = workshop.person.client("events"), workshop.name
    told = {"pipeline": [name], "state": ["FAILED"]}
    pattern = {"source": ["aws.codepipeline"], "detail": told}
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])
    workshop.commit("alpha")
    workshop.client.create_pipeline(pipeline=workshop.definition(workshop.approval_stage()))
    execution = workshop.first()
    token = workshop.approval(execution)
    with pytest.raises(ClientError) as wrong:
        workshop.answer("00000000-0000-0000-0000-000000000000")
    assert wrong.value.response["Error"]["Code"] == "InvalidApprovalTokenException"
    workshop.answer(token, "Rejected", "not today")
    assert workshop.over(execution) == "Failed"
    error = workshop.actions(execution)["Approve"]["output"]["executionResult"]["errorDetails"]
    assert "not today" in error["message"]
    with pytest.raises(ClientError) as late:
        workshop.answer(token)
    assert late.value.response["Error"]["Code"] == "ApprovalAlreadyCompletedException"
    heard = dict(_heard(workshop, url) for _ in range(3))
    assert set(heard) == {"Action", "Stage", "Pipeline"}
    assert all(one["execution-id"] == execution for one in heard.values())
    wanted = {"error-code": "Rejected", "external-execution-summary": error["message"]}
    assert heard["Action"]["execution-result"] == wanted
    assert (heard["Action"]["region"], heard["Action"]["type"]["provider"]) == (REGION, "Manual")


def _heard(workshop: Workshop, url: str) -> tuple[str, dict[str, Any]]:
    """Wait for an event of the pipeline; what it is about, and its detail."""
    sqs = workshop.person.client("sqs")

    def message() -> dict[str, Any] | None:
        found = sqs.receive_message(QueueUrl=url).get("Messages")
        return dict(found[0]) if found else None

    one = until(message)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
    event = json.loads(one["Body"])
    return event["detail-type"].split()[1], event["detail"]


def test_a_failed_stage_can_be_retried(workshop: Workshop) -> None:
    project = workshop.person.client("codebuild")
    broken = {"type": "CODEPIPELINE", "buildspec": "missing.yml"}
    project.update_project(name=workshop.project, source=broken)
    workshop.commit("alpha")
    workshop.client.create_pipeline(pipeline=workshop.definition(workshop.build_stage()))
    execution = workshop.first()
    assert workshop.over(execution) == "Failed"
    error = workshop.actions(execution)["Build"]["output"]["executionResult"]["errorDetails"]
    assert "missing.yml" in error["message"]
    project.update_project(name=workshop.project, source={"type": "CODEPIPELINE"})
    workshop.client.retry_stage_execution(
        pipelineName=workshop.name,
        stageName="Build",
        pipelineExecutionId=execution,
        retryMode="FAILED_ACTIONS",
    )
    assert workshop.over(execution) == "Succeeded"


def test_an_execution_can_be_abandoned(workshop: Workshop) -> None:
    workshop.commit("alpha")
    workshop.client.create_pipeline(pipeline=workshop.definition(workshop.approval_stage()))
    execution = workshop.first()
    workshop.approval(execution)
    workshop.client.stop_pipeline_execution(
        pipelineName=workshop.name, pipelineExecutionId=execution, abandon=True, reason="wrong"
    )
    assert workshop.over(execution) == "Stopped"


def test_the_newest_execution_supersedes_those_that_wait(workshop: Workshop) -> None:
    workshop.commit("alpha")
    last = {"name": "Last", "actions": [action("Approval", "Manual", "Approve")]}
    workshop.client.create_pipeline(pipeline=workshop.definition(workshop.approval_stage(), last))
    first = workshop.first()
    token = workshop.approval(first)
    second, third = workshop.start(), None
    until(lambda: _waits(workshop, second))
    third = workshop.start()
    assert workshop.over(second) == "Superseded"
    workshop.answer(token, "Rejected")
    assert workshop.over(first) == "Failed"
    assert workshop.approval(third) != token


def _waits(workshop: Workshop, execution: str) -> bool:
    states = workshop.client.get_pipeline_state(name=workshop.name)["stageStates"]
    inbound = [one for state in states for one in state.get("inboundExecutions", [])]
    return execution in [one["pipelineExecutionId"] for one in inbound]


def test_a_disabled_transition_holds_executions(workshop: Workshop) -> None:
    workshop.commit("alpha")
    workshop.client.create_pipeline(pipeline=workshop.definition(workshop.approval_stage()))
    workshop.answer(workshop.approval(workshop.first()))
    workshop.client.disable_stage_transition(
        pipelineName=workshop.name,
        stageName="Approval",
        transitionType="Inbound",
        reason="freeze",
    )
    execution = workshop.start()
    until(lambda: _waits(workshop, execution))
    workshop.client.enable_stage_transition(
        pipelineName=workshop.name, stageName="Approval", transitionType="Inbound"
    )
    assert workshop.approval(execution)


def test_a_push_starts_a_pipeline_by_a_rule(
    workshop: Workshop, service_role: Callable[..., str], account: str
) -> None:
    client = workshop.client
    workshop.commit("alpha")
    client.create_pipeline(pipeline=workshop.definition(workshop.approval_stage()))
    arn = f"arn:aws:codepipeline:{REGION}:{account}:{workshop.name}"
    role = service_role(
        f"{workshop.name}-e",
        allow("codepipeline:StartPipelineExecution", resource=arn),
        "events.amazonaws.com",
    )
    events = workshop.person.client("events")
    pattern = {
        "source": ["aws.codecommit"],
        "detail-type": ["CodeCommit Repository State Change"],
        "resources": [f"arn:aws:codecommit:{REGION}:{account}:{workshop.repository}"],
        "detail": {"event": ["referenceCreated", "referenceUpdated"], "referenceName": ["main"]},
    }
    events.put_rule(Name=workshop.name, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=workshop.name, Targets=[{"Id": "p", "Arn": arn, "RoleArn": role}])
    commit = workshop.commit("beta")

    def started() -> dict[str, Any] | None:
        found = client.list_pipeline_executions(pipelineName=workshop.name)
        newest: dict[str, Any] = found["pipelineExecutionSummaries"][0]
        revisions = [one["revisionId"] for one in newest.get("sourceRevisions", [])]
        return newest if revisions == [commit] else None

    trigger = until(started)["trigger"]
    assert trigger["triggerType"] == "CloudWatchEvent"
    assert trigger["triggerDetail"].endswith(f":rule/{workshop.name}")


def test_a_named_version_of_an_object_is_released(
    workshop: Workshop, bucket: Callable[[str], str]
) -> None:
    s3, store = workshop.person.client("s3"), bucket(f"{workshop.name}-candidates")
    versions = []
    for text in ("one", "two"):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("word.txt", text)
        put = s3.put_object(Bucket=store, Key="m.zip", Body=content.getvalue())
        versions.append(put["VersionId"])
    source = action(
        "Source",
        "S3",
        "Candidate",
        configuration={
            "S3Bucket": store,
            "S3ObjectKey": "m.zip",
            "PollForSourceChanges": "false",
        },
        outputArtifacts=[{"name": "Code"}],
    )
    definition = workshop.definition(workshop.approval_stage())
    definition["stages"][0] = {"name": "Source", "actions": [source]}
    workshop.client.create_pipeline(pipeline=definition)
    workshop.answer(workshop.approval(workshop.first()))
    execution = workshop.start(
        sourceRevisions=[
            {
                "actionName": "Candidate",
                "revisionType": "S3_OBJECT_VERSION_ID",
                "revisionValue": versions[0],
            }
        ]
    )
    workshop.approval(execution)
    done = workshop.actions(execution)["Candidate"]["output"]
    assert done["outputVariables"]["VersionId"] == versions[0]
    place = done["outputArtifacts"][0]["s3location"]
    body = s3.get_object(Bucket=place["bucket"], Key=place["key"])["Body"].read()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.read("word.txt") == b"one"


def test_what_is_not_supported_is_refused_all_at_once(workshop: Workshop) -> None:
    lambda_action = action("Invoke", "Lambda", "Call", configuration={"FunctionName": "f"})
    stack = action("Deploy", "CloudFormation", "Stack", configuration={"ActionMode": "WHATEVER"})
    definition = workshop.definition({"name": "Rest", "actions": [lambda_action, stack]})
    with pytest.raises(ClientError) as caught:
        workshop.client.create_pipeline(pipeline=definition)
    error = caught.value.response["Error"]
    assert error["Code"] == "InvalidActionDeclarationException"
    for told in (
        "ActionType (Category: 'Invoke', Provider: 'Lambda', Owner: 'AWS', Version: '1') in "
        "action 'Call' is not available in region 'EU_WEST_1'",
        "action 'Stack' is missing required configuration 'StackName'",
        "ActionMode 'WHATEVER' is not one of",
    ):
        assert told in error["Message"]


def test_only_a_pipeline_builds_a_pipelines_project(workshop: Workshop) -> None:
    with pytest.raises(ClientError) as caught:
        workshop.person.client("codebuild").start_build(
            projectName=workshop.project,
            sourceTypeOverride="CODEPIPELINE",
            sourceLocationOverride=f"{workshop.bucket}/forged.zip",
        )
    assert "only a pipeline" in caught.value.response["Error"]["Message"]


def test_an_action_crosses_accounts_by_its_own_role(workshop: Workshop, local_aws: Any) -> None:
    other = local_aws.account("code-target")
    name = f"{workshop.name}-release"
    trusted = {"Effect": "Allow", "Principal": {"AWS": workshop.role}, "Action": "sts:AssumeRole"}
    release = local_aws.role(
        other,
        name,
        allow("cloudformation:*", "s3:GetObject*"),
        {"Version": "2012-10-17", "Statement": [trusted]},
    )
    deploy = action(
        "Deploy",
        "CloudFormation",
        "Stack",
        roleArn=release,
        configuration={
            "ActionMode": "REPLACE_ON_FAILURE",
            "StackName": workshop.name,
            "TemplatePath": "Code::template.json",
            "ParameterOverrides": json.dumps({"Word": "across"}),
        },
        inputArtifacts=[{"name": "Code"}],
    )
    workshop.commit("alpha")
    stage = {"name": "Deploy", "actions": [deploy]}
    workshop.client.create_pipeline(pipeline=workshop.definition(stage))

    first = workshop.first()
    assert workshop.over(first) == "Failed"
    assert "sts:AssumeRole" in _error(workshop, first)

    iam = workshop.person.client("iam")
    enter = json.dumps(allow("sts:AssumeRole", resource=release))
    iam.put_role_policy(RoleName=workshop.name, PolicyName="enter", PolicyDocument=enter)
    second = workshop.start()
    assert workshop.over(second) == "Failed"
    assert "GetObject" in _error(workshop, second)

    read = {
        "Effect": "Allow",
        "Principal": {"AWS": release},
        "Action": "s3:GetObject*",
        "Resource": f"arn:aws:s3:::{workshop.bucket}/*",
    }
    workshop.person.client("s3").put_bucket_policy(
        Bucket=workshop.bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [read]})
    )
    third = workshop.start()
    assert workshop.over(third) == "Failed"
    session = local_aws.administrator(other)
    stacks = local_aws.client("cloudformation", session)
    assert _status(stacks, workshop) == "ROLLBACK_COMPLETE"

    local_aws.client("iam", session).put_role_policy(
        RoleName=name, PolicyName="make", PolicyDocument=json.dumps(allow("ssm:*"))
    )
    fourth = workshop.start()
    assert workshop.over(fourth) == "Succeeded", _error(workshop, fourth)
    assert _status(stacks, workshop) == "CREATE_COMPLETE"


def _status(stacks: Any, workshop: Workshop) -> str:
    (stack,) = stacks.describe_stacks(StackName=workshop.name)["Stacks"]
    return str(stack["StackStatus"])


def _error(workshop: Workshop, execution: str) -> str:
    result = workshop.actions(execution)["Stack"]["output"]["executionResult"]
    return str(result.get("errorDetails", {}).get("message"))
