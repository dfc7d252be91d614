"""A CloudFormation client with waiting, in an account of its own."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import boto3
import pytest


@dataclass
class StacksUnderTest:
    """Stacks in one account, as its administrator."""

    aws: Any
    session: boto3.Session
    account: str

    def client(self, service: str) -> Any:
        return self.aws.client(service, self.session)

    @property
    def cloudformation(self) -> Any:
        return self.client("cloudformation")

    def settled(self, name: str) -> dict[str, Any]:
        cloudformation = self.cloudformation
        for _ in range(600):
            stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
            if not stack["StackStatus"].endswith("_IN_PROGRESS"):
                return stack
            time.sleep(0.05)
        raise AssertionError(f"{name} is still {stack['StackStatus']}")

    def create(self, name: str, body: str, **more: Any) -> dict[str, Any]:
        more.setdefault("Capabilities", ["CAPABILITY_NAMED_IAM"])
        made = self.cloudformation.create_stack(StackName=name, TemplateBody=body, **more)
        return self.settled(made["StackId"])

    def update(self, name: str, body: str, **more: Any) -> dict[str, Any]:
        more.setdefault("Capabilities", ["CAPABILITY_NAMED_IAM"])
        made = self.cloudformation.update_stack(StackName=name, TemplateBody=body, **more)
        return self.settled(made["StackId"])

    def delete(self, name: str, **more: Any) -> dict[str, Any]:
        id_ = self.cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
        self.cloudformation.delete_stack(StackName=name, **more)
        return self.settled(id_)

    def failures(self, name: str) -> list[str]:
        events = self.cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        return [
            f"{e['LogicalResourceId']}: {e.get('ResourceStatusReason')}"
            for e in events
            if e["ResourceStatus"].endswith("_FAILED")
        ]


@pytest.fixture(scope="session")
def stacks(local_aws) -> StacksUnderTest:
    account = local_aws.account("stacks")
    return StacksUnderTest(local_aws, local_aws.administrator(account), account)
