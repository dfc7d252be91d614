"""SageMaker model package groups: whom their policies let in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from landrail.inventory.ask import Ask, Refused
from landrail.inventory.describing import Described, is_gone, last
from landrail.inventory.outside import outsiders
from landrail.inventory.sagemaker import common
from landrail.inventory.table import Column, Row, Table, listed


def _row(ask: Ask, answer: Mapping[str, Any]) -> Row:
    name, arn = answer["ModelPackageGroupName"], answer["ModelPackageGroupArn"]
    policy = _policy(ask, name)
    row = common(ask, answer, name, arn)
    return {
        **row,
        "configuration": {**row["configuration"], "policy": policy},
        "shared": policy is not None,
        "outsiders": listed(outsiders(policy, ask)),
        "status": answer.get("ModelPackageGroupStatus"),
    }


def _policy(ask: Ask, name: str) -> Any:
    try:
        answer = ask("sagemaker", "GetModelPackageGroupPolicy", ModelPackageGroupName=name)
    except Refused as error:
        # SageMaker says of a group without a policy that it cannot find that.
        if is_gone(error):
            return None
        raise
    return json.loads(answer["ResourcePolicy"])


_READING = Described(
    service="sagemaker",
    list="ListModelPackageGroups",
    member="ModelPackageGroupSummaryList",
    name="ModelPackageGroupName",
    describe="DescribeModelPackageGroup",
    name_of=last,
    row=_row,
)

TABLE = Table(
    name="sagemaker_model_package_groups",
    resource_type="AWS::SageMaker::ModelPackageGroup",
    services=("sagemaker",),
    columns=(
        Column("shared", "boolean", "whether it has a policy"),
        Column("outsiders", "text", "whom the policy lets in from outside the organization"),
        Column("status", "text", "its status, as SageMaker says it"),
    ),
    collect=_READING.collect,
    one=_READING.one,
    reads=(
        "sagemaker:DescribeModelPackageGroup",
        "sagemaker:GetModelPackageGroupPolicy",
        "sagemaker:ListModelPackageGroups",
        "sagemaker:ListTags",
    ),
)
