"""Conditions of stages: entered, skipped, failed, rolled back, let pass by a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from code_people import REGION, Person, allow, until
from code_workshop import Workshop
from pipeline_lines import Line, approvals, rule


def _is(value: str, operator: str = "EQ", variable: str = "stage") -> dict[str, Any]:
    given = {"Variable": f"#{{variables.{variable}}}", "Operator": operator, "Value": value}
    return rule("VariableCheck", f"is-{operator}", **given)


def _when(result: str | None, *rules: dict[str, Any]) -> dict[str, Any]:
    condition: dict[str, Any] = {"rules": list(rules)}
    return {"conditions": [condition | ({"result": result} if result else {})]}


VARIABLES = [{"name": "stage", "defaultValue": "blue"}]


def _override(client: Any, line: Line, execution: str, kind: str, stage: str = "A") -> None:
    client.override_stage_condition(
        pipelineName=line.name,
        stageName=stage,
        pipelineExecutionId=execution,
        conditionType=kind,
    )


def test_a_stage_is_entered_skipped_or_failed_by_a_variable(workshop: Workshop) -> None:
    skipped = approvals("A", beforeEntry=_when("SKIP", _is("green|red", "MATCHES")))
    guarded = approvals("B", beforeEntry=_when("FAIL", _is("lue", "CONTAINS"), _is("red", "NE")))
    line = Line(workshop, skipped, guarded, variables=VARIABLES)
    line.answer(line.first, "B")
    assert line.over(line.first) == "Succeeded"
    assert line.stage("A")["latestExecution"]["status"] == "Skipped"
    second = workshop.start(variables=[{"name": "stage", "value": "red"}])
    line.answer(second, "A")
    assert line.over(second) == "Failed"
    state = line.stage("B")
    assert state["latestExecution"]["status"] == "Failed"
    judged = state["beforeEntryConditionState"]
    assert judged["latestExecution"]["status"] == "Failed"
    rules = {
        one["ruleName"]: one["latestExecution"]["status"]
        for one in judged["conditionStates"][0]["ruleStates"]
    }
    assert rules == {"is-CONTAINS": "Failed", "is-NE": "Failed"}
    found = line.client.list_rule_executions(
        pipelineName=line.name, filter={"pipelineExecutionId": second}
    )["ruleExecutionDetails"]
    by_name = {one["ruleName"]: one for one in found}
    told = by_name["is-CONTAINS"]["output"]["executionResult"]["errorDetails"]["message"]
    assert told == "Variable check failed: 'red' CONTAINS 'lue'"
    assert by_name["is-CONTAINS"]["input"]["resolvedConfiguration"]["Variable"] == "red"
    assert by_name["is-MATCHES"]["status"] == "Succeeded"

    line.retry(second, "B")
    assert line.over(second) == "Failed"
    assert line.stage("B")["retryStageMetadata"]["manualStageRetryAttempt"] == 1
    _override(line.client, line, second, "BEFORE_ENTRY", "B")
    line.answer(second, "B")
    assert line.over(second) == "Succeeded"
    judged = line.stage("B")["beforeEntryConditionState"]["latestExecution"]
    assert judged["status"] == "Overridden"
    with pytest.raises(ClientError) as caught:
        _override(line.client, line, second, "BEFORE_ENTRY", "B")
    assert caught.value.response["Error"]["Code"] == "ConditionNotOverridableException"


def test_a_condition_after_success_rolls_back(workshop: Workshop) -> None:
    judged = approvals("A", onSuccess=_when("ROLLBACK", _is("blue")))
    line = Line(workshop, judged, approvals("B"), variables=VARIABLES)
    line.answer(line.first, "A")
    line.answer(line.first, "B")
    assert line.over(line.first) == "Succeeded"
    second = workshop.start(variables=[{"name": "stage", "value": "red"}])
    line.answer(second, "A")
    assert line.over(second) == "Failed"
    back = str(line.is_in("A"))
    assert line.execution(back)["rollbackMetadata"]["rollbackTargetPipelineExecutionId"] == (
        line.first
    )
    line.answer(back, "A")
    assert line.over(back) == "Succeeded"


def test_a_condition_after_success_fails_and_may_be_overridden_by_who_may(
    workshop: Workshop, someone: Callable[..., Person], account: str
) -> None:
    judged = approvals("A", onSuccess=_when("FAIL", _is("red")))
    line = Line(workshop, judged, approvals("B"), variables=VARIABLES)
    line.answer(line.first, "A")
    assert line.over(line.first) == "Failed"
    arn = f"arn:aws:codepipeline:{REGION}:{account}:{line.name}"
    names = ("codepipeline:RetryStageExecution", "codepipeline:GetPipelineState")
    other = someone(f"{line.name}-o", allow(*names)).client("codepipeline")
    with pytest.raises(ClientError) as caught:
        _override(other, line, line.first, "ON_SUCCESS")
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
    keeper = someone(
        f"{line.name}-k", allow("codepipeline:OverrideStageCondition", resource=f"{arn}*")
    ).client("codepipeline")
    _override(keeper, line, line.first, "ON_SUCCESS")
    line.answer(line.first, "B")
    assert line.over(line.first) == "Succeeded"


def test_a_condition_of_failures_decides_on_the_rollback(workshop: Workshop) -> None:
    judged = approvals("A", onFailure=_when("ROLLBACK", _is("blue", "NE")))
    line = Line(workshop, judged, variables=VARIABLES)
    line.answer(line.first, "A")
    assert line.over(line.first) == "Succeeded"
    for value, rollbacks in (("green", 0), ("blue", 1)):
        execution = workshop.start(variables=[{"name": "stage", "value": value}])
        line.answer(execution, "A", "Rejected")
        assert line.over(execution) == "Failed"
        kinds = [one["executionType"] for one in line.executions()]
        assert kinds.count("ROLLBACK") == rollbacks


def test_a_closed_window_holds_a_stage_until_someone_lets_it_pass(workshop: Workshop) -> None:
    closed = rule("DeploymentWindow", "never", Cron="* * * ? 1 MON 2199", TimeZone="Europe/Vienna")
    open_now = rule("DeploymentWindow", "always", Cron="0 * * * * ?")
    line = Line(
        workshop,
        approvals("A", beforeEntry=_when("FAIL", open_now)),
        approvals("B", beforeEntry=_when("FAIL", closed)),
    )
    line.answer(line.first, "A")
    until(lambda: "beforeEntryConditionState" in line.stage("B"))
    judged = line.stage("B")["beforeEntryConditionState"]["latestExecution"]
    assert judged["status"] == "InProgress"
    _override(line.client, line, line.first, "BEFORE_ENTRY", "B")
    line.answer(line.first, "B")
    assert line.over(line.first) == "Succeeded"


def test_an_alarm_fails_a_condition_by_its_state(workshop: Workshop, person: Person) -> None:
    watch = person.client("cloudwatch")
    watch.put_metric_alarm(
        AlarmName=workshop.name,
        MetricName="Errors",
        Namespace="Test",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        Statistic="Sum",
    )
    watch.set_alarm_state(AlarmName=workshop.name, StateValue="ALARM", StateReason="test")
    person.client("iam").put_role_policy(
        RoleName=workshop.name,
        PolicyName="watch",
        PolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Allow",'
        '"Action":"cloudwatch:DescribeAlarms","Resource":"*"}]}',
    )
    quiet = rule("CloudWatchAlarm", "quiet", AlarmName=workshop.name)
    line = Line(workshop, approvals("A", beforeEntry=_when(None, quiet)))
    assert line.over(line.first) == "Failed"
    watch.set_alarm_state(AlarmName=workshop.name, StateValue="OK", StateReason="test")
    line.retry(line.first, "A")
    line.answer(line.first, "A")
    assert line.over(line.first) == "Succeeded"
