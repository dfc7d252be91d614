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
    left_out=("NotebookInstanceStatus", "NotebookInstanceArn", "Url", "NetworkInterfaceId"),
).record(
    "sagemaker_notebook_instances",
    "AWS::SageMaker::NotebookInstance",
    never=("status",),
    only_where={
        "PlatformIdentifier": ("platform",),
        "InstanceMetadataServiceConfiguration": ("imds_version",),
        "DirectInternetAccess": ("direct_internet",),
        "RootAccess": ("root_access",),
    },
)
