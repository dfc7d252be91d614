"""SageMaker monitoring schedules: the network of the jobs that they start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.inventory.ask import Ask
from landrail.inventory.describing import Described, last
from landrail.inventory.sagemaker import NETWORK, common, network
from landrail.inventory.table import Column, Row, Table


def _row(ask: Ask, answer: Mapping[str, Any]) -> Row:
    config = answer.get("MonitoringScheduleConfig") or {}
    own = config.get("MonitoringJobDefinition")
    cluster = ((own or {}).get("MonitoringResources") or {}).get("ClusterConfig") or {}
    name, arn = answer["MonitoringScheduleName"], answer["MonitoringScheduleArn"]
    return {
        **common(ask, answer, name, arn),
        **network((own or {}).get("NetworkConfig")),
        "own_definition": own is not None,
        "definition": config.get("MonitoringJobDefinitionName"),
        "endpoint": answer.get("EndpointName"),
        "volume_key": cluster.get("VolumeKmsKeyId"),
        "status": answer.get("MonitoringScheduleStatus"),
    }


_READING = Described(
    service="sagemaker",
    list="ListMonitoringSchedules",
    member="MonitoringScheduleSummaries",
    name="MonitoringScheduleName",
    describe="DescribeMonitoringSchedule",
    name_of=last,
    row=_row,
)

TABLE = Table(
    name="sagemaker_monitoring_schedules",
    resource_type="AWS::SageMaker::MonitoringSchedule",
    services=("sagemaker",),
    columns=(
        *NETWORK,
        Column("own_definition", "boolean", "whether it holds its job definition itself"),
        Column("definition", "text", "the job definition that it names instead"),
        Column("endpoint", "text", "the endpoint that it watches"),
        Column("volume_key", "text", "the KMS key of its jobs' volumes"),
        Column("status", "text", "its status, as SageMaker says it"),
    ),
    collect=_READING.collect,
    one=_READING.one,
    reads=(
        "sagemaker:DescribeMonitoringSchedule",
        "sagemaker:ListMonitoringSchedules",
        "sagemaker:ListTags",
    ),
)
