"""A server that ends in the middle of an operation takes it up when it starts again."""

from __future__ import annotations

import json
import time
from typing import Any

from .test_stacks import parameter

COUNT = 40


def chain(value: str) -> str:
    resources: dict[str, Any] = {}
    for index in range(COUNT):
        resources[f"P{index:02}"] = parameter(value)
        if index:
            resources[f"P{index:02}"]["DependsOn"] = f"P{index - 1:02}"
    return json.dumps({"Resources": resources})


def reached(cloudformation: Any, name: str, status: str, count: int) -> None:
    for _ in range(600):
        shown = cloudformation.list_stack_resources(StackName=name)["StackResourceSummaries"]
        if sum(r["ResourceStatus"] == status for r in shown) >= count:
            return
        time.sleep(0.02)
    raise AssertionError(f"never {count} {status}")


def settled(cloudformation: Any, name: str) -> str:
    for _ in range(600):
        status = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        if not status.endswith("_IN_PROGRESS"):
            return str(status)
        time.sleep(0.05)
    raise AssertionError(f"still {status}")


def test_an_operation_cut_short_is_taken_up(tmp_path, launch):
    running = launch(tmp_path)
    cloudformation = running.local.client("cloudformation")
    cloudformation.create_stack(StackName="s", TemplateBody=chain("one"))
    reached(cloudformation, "s", "CREATE_COMPLETE", 5)
    running.kill()
    running = launch(tmp_path)
    cloudformation = running.local.client("cloudformation")
    assert settled(cloudformation, "s") == "CREATE_COMPLETE"

    cloudformation.update_stack(StackName="s", TemplateBody=chain("two"))
    reached(cloudformation, "s", "UPDATE_COMPLETE", 5)
    running.stop()
    running = launch(tmp_path)
    cloudformation, ssm = (running.local.client(n) for n in ("cloudformation", "ssm"))
    assert settled(cloudformation, "s") == "UPDATE_COMPLETE"
    pages = ssm.get_paginator("describe_parameters").paginate()
    names = [p["Name"] for page in pages for p in page["Parameters"]]
    assert len(names) == COUNT
    values = [ssm.get_parameter(Name=name)["Parameter"]["Value"] for name in names]
    assert values == ["two"] * COUNT
