"""Rules of SageMaker's monitors: their job definitions and schedules. Source of what each asks: AWS
Config, "List of AWS Config managed rules"."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.rules.rule import Rule, managed

_DEFINITIONS = (
    ("data_quality", "DATA_QUALITY_JOB", "DATA_QUALITY_JOB_ISOLATION"),
    ("model_bias", "MODEL_BIAS_JOB", "MODEL_BIAS_JOB_ISOLATION"),
    ("model_quality", "MODEL_QUALITY_JOB", "MODEL_QUALITY_JOB_DEFINITION_ISOLATION"),
    (
        "model_explainability",
        "MODEL_EXPLAINABILITY_JOB",
        "MODEL_EXPLAINABILITY_JOB_NETWORK_ISOLATION",
    ),
)
"""What each kind is called in our tables, and in AWS's identifiers of its two rules."""


def _rules() -> Iterator[Rule]:
    for table, job, isolation in _DEFINITIONS:
        yield managed(
            f"SAGEMAKER_{job}_ENCRYPT_IN_TRANSIT",
            table=f"sagemaker_{table}_job_definitions",
            wrong="NOT traffic_encrypted",
            says="traffic between the instances of the monitor's jobs is not encrypted",
        )
        yield managed(
            f"SAGEMAKER_{isolation}",
            table=f"sagemaker_{table}_job_definitions",
            wrong="NOT network_isolation",
            says="the monitor's jobs reach the network",
        )


RULES = (
    *_rules(),
    managed(
        "SAGEMAKER_MONITORING_SCHEDULE_ISOLATION",
        table="sagemaker_monitoring_schedules",
        applies="own_definition",
        wrong="NOT network_isolation",
        says="the schedule's jobs reach the network",
    ),
    managed(
        "SAGEMAKER_MONITORING_SCHEDULE_TRAFFIC_ENCRYPTION",
        table="sagemaker_monitoring_schedules",
        applies="own_definition",
        wrong="NOT traffic_encrypted",
        says="traffic between the instances of the schedule's jobs is not encrypted",
    ),
)
