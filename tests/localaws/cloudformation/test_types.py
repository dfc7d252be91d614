"""Every supported type, made, checked for drift, changed and deleted against the running server."""

from __future__ import annotations

import json

import pytest

from .families import FAMILIES


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.__name__)
def test_a_family_of_types_is_made_reads_back_in_sync_and_goes(stacks, unique, family):
    name = unique(family.__name__[:4])
    resources = family(name)
    tags = [{"Key": "owner", "Value": "platform"}]
    stack = stacks.create(name, json.dumps({"Resources": resources}), Tags=tags)
    assert stack["StackStatus"] == "CREATE_COMPLETE", stacks.failures(stack["StackId"])
    cloudformation = stacks.cloudformation
    detection = cloudformation.detect_stack_drift(StackName=name)["StackDriftDetectionId"]
    found = cloudformation.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
    assert found["DetectionStatus"] == "DETECTION_COMPLETE", found
    drifts = cloudformation.describe_stack_resource_drifts(StackName=name)["StackResourceDrifts"]
    strayed = {
        d["LogicalResourceId"]: d.get("PropertyDifferences", d["StackResourceDriftStatus"])
        for d in drifts
        if d["StackResourceDriftStatus"] != "IN_SYNC"
    }
    assert strayed == {}
    assert len(drifts) == len(resources)
    gone = stacks.delete(name)
    assert gone["StackStatus"] == "DELETE_COMPLETE", stacks.failures(stack["StackId"])
