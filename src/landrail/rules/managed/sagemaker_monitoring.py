"""Rules of SageMaker's monitors: their job definitions and schedules. Source of what each asks: AWS
Config, "List of AWS Config managed rules"."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.rules.rule import Rule

_DEFINITIONS = (
    ("data_quality", "data-quality-job", "data-quality-job-isolation"),
    ("model_bias", "model-bias-job", "model-bias-job-isolation"),
    ("model_quality", "model-quality-job", "model-quality-job-definition-isolation"),
    (
        "model_explainability",
        "model-explainability-job",
        "model-explainability-job-network-isolation",
    ),
)
"""What each kind is called in our tables, and in AWS's names of its two rules."""


def _rules() -> Iterator[Rule]:
    for table, job, isolation in _DEFINITIONS:
        traffic = f"sagemaker-{job}-encrypt-in-transit"
        isolated = f"sagemaker-{isolation}"
        yield Rule(
            name=traffic,
            identifier=_identifier(traffic),
            table=f"sagemaker_{table}_job_definitions",
            wrong="NOT traffic_encrypted",
            says="traffic between the instances of the monitor's jobs is not encrypted",
        )
        yield Rule(
            name=isolated,
            identifier=_identifier(isolated),
            table=f"sagemaker_{table}_job_definitions",
            wrong="NOT network_isolation",
            says="the monitor's jobs reach the network",
        )


def _identifier(name: str) -> str:
    return name.upper().replace("-", "_")


RULES = (
    *_rules(),
    Rule(
        name="sagemaker-monitoring-schedule-isolation",
        identifier="SAGEMAKER_MONITORING_SCHEDULE_ISOLATION",
        table="sagemaker_monitoring_schedules",
        applies="own_definition",
        wrong="NOT network_isolation",
        says="the schedule's jobs reach the network",
    ),
    Rule(
        name="sagemaker-monitoring-schedule-traffic-encryption",
        identifier="SAGEMAKER_MONITORING_SCHEDULE_TRAFFIC_ENCRYPTION",
        table="sagemaker_monitoring_schedules",
        applies="own_definition",
        wrong="NOT traffic_encrypted",
        says="traffic between the instances of the schedule's jobs is not encrypted",
    ),
)
