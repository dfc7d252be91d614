"""Events of an endpoint and of the stages of its deployments reach rules."""

from __future__ import annotations

import json
import time

from endpoint_site import Site, blue_green


def heard(site: Site, queue: str, done: str) -> list[tuple[str, str, str | None]]:
    """What came, as kind, status, stage, until a status came twice."""
    sqs = site.studio.client("sqs")
    found: list[tuple[str, str, str | None]] = []
    end = time.monotonic() + 60
    while sum(1 for _, status, stage in found if status == done and stage is None) < 2:
        answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        for message in answer.get("Messages", []):
            event = json.loads(message["Body"])
            detail = event["detail"]
            assert event["source"] == "aws.sagemaker"
            assert event["resources"] == [detail["EndpointArn"]]
            pending = detail.get("PendingDeploymentSummary", {}).get("ProductionVariants")
            stage = pending[0]["VariantStatus"][0]["Status"] if pending else None
            kind = event["detail-type"].removeprefix("SageMaker Endpoint ")
            found.append((kind, detail["EndpointStatus"], stage))
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        assert time.monotonic() < end, found
    return found


def test_states_and_stages_are_published(studio, unique):
    site = Site(studio, unique)
    sqs, events = studio.client("sqs"), studio.client("events")
    queue = sqs.create_queue(QueueName=unique("events"))["QueueUrl"]
    asked = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    arn, rule, name = asked["Attributes"]["QueueArn"], unique("rule"), unique("endpoint")
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    pattern = {"source": ["aws.sagemaker"], "detail": {"EndpointName": [name]}}
    events.put_rule(Name=rule, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=rule, Targets=[{"Id": "queue", "Arn": arn}])
    studio.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=site.config("blue"))
    site.settled(name)
    deployment = blue_green("CANARY", wait=1, CanarySize=50)
    site.update(name, site.config("green"), DeploymentConfig=deployment)
    found = heard(site, queue, "IN_SERVICE")
    events.remove_targets(Rule=rule, Ids=["queue"])
    states = [status for kind, status, _ in found if kind == "State Change"]
    assert set(states) == {"CREATING", "IN_SERVICE", "UPDATING"}
    stages = [stage for kind, _, stage in found if kind == "Deployment State Change"]
    assert {"Creating", "ActivatingTraffic", "Baking"} <= set(stages)
    studio.sagemaker.delete_endpoint(EndpointName=name)
