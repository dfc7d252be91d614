"""SageMaker notebook instances, as Config records them."""

from __future__ import annotations

from landrail.inventory.described import Described

RECORD = Described(
    service="sagemaker",
    list="ListNotebookInstances",
    member="NotebookInstances",
    name="NotebookInstanceName",
    arn="NotebookInstanceArn",
    describe="DescribeNotebookInstance",
    renamed={
        "SecurityGroupIds": "SecurityGroups",
        "LifecycleConfigName": "NotebookInstanceLifecycleConfigName",
    },
).record("sagemaker_notebook_instances", "AWS::SageMaker::NotebookInstance")
