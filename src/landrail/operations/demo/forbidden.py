"""The forbidden acts of the airline, each with its twin."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from landrail.operations.demo.acts import Act, Pair, Witnessed
from landrail.operations.demo.cast import Cast
from landrail.operations.demo.facts import (
    DATASET,
    LAKE,
    MODEL,
    OTHER_DATASET,
    OTHER_SCIENCE,
    PRODUCTION,
    SCIENCE,
    SHARED,
    TEAM,
    UAT,
    Facts,
)
from landrail.operations.demo.journey import Travelled
from landrail.operations.demo.science import network
from landrail.resources import Policy

_BLOCK = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), False
)
_OWN_ROLE = "adams-own"
_PIPELINE = "pipeline-passengers-production"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the acts are about, made by the run itself."""

    image: str
    endpoint_config: str
    package: str
    experiment: str
    network: Mapping[str, Sequence[str]]
    flights_key: str
    shipments_key: str
    policy_id: str
    policy_description: str
    target_id: str


def pairs(facts: Facts, standing: Standing) -> tuple[Pair, ...]:
    """Return every forbidden act with its twin."""
    return (
        *_of_scientists(facts, standing),
        *_of_release(facts, standing),
        *_of_buckets_and_data(facts, standing),
        *_of_guardrails(facts, standing),
        *_of_machine_roles(facts),
    )


def standing(cast: Cast, facts: Facts, travelled: Travelled, keys: tuple[str, str]) -> Standing:
    """Gather what the acts are about; the guardrail that somebody wants to be rid of is the one of
    the root."""
    olga = cast.actor("olga", "management")
    root = olga.call("organizations", "ListRoots")["Roots"][0]["Id"]
    attached = olga.call(
        "organizations",
        "ListPoliciesForTarget",
        TargetId=root,
        Filter="SERVICE_CONTROL_POLICY",
    )["Policies"]
    names = {policy.name for policy in facts.wanted.of_kind(Policy)}
    policy = next(p for p in attached if p["Name"] in names)
    return Standing(
        image=travelled.image,
        endpoint_config=travelled.endpoint_config,
        package=travelled.package,
        experiment=travelled.experiment,
        network=network(cast.actor("ana", SCIENCE)),
        flights_key=keys[0],
        shipments_key=keys[1],
        policy_id=policy["Id"],
        policy_description=policy.get("Description", ""),
        target_id=root,
    )


def _of_scientists(facts: Facts, standing: Standing) -> Iterator[Pair]:
    trial = f"{TEAM}-trial"
    yield Pair(
        "a data scientist changes UAT: makes a model",
        Act("ana", UAT, "sagemaker", "CreateModel", _model(facts, UAT, trial, standing)),
        Act("ana", SCIENCE, "sagemaker", "CreateModel", _model(facts, SCIENCE, trial, standing)),
    )
    yield Pair(
        "a data scientist changes UAT: deletes the staging endpoint",
        Act("ana", UAT, "sagemaker", "DeleteEndpoint", {"EndpointName": f"{MODEL}-staging"}),
        Act("ana", SCIENCE, "sagemaker", "DeleteModel", {"ModelName": trial}),
    )
    tags = {
        "ResourceArn": standing.experiment,
        "Tags": [{"Key": "reviewed", "Value": "yes"}],
    }
    yield Pair(
        "a data scientist relabels another line's experiment",
        Act("cal", OTHER_SCIENCE, "sagemaker", "AddTags", tags),
        Act("ana", SCIENCE, "sagemaker", "AddTags", tags),
    )


def _of_release(facts: Facts, standing: Standing) -> Iterator[Pair]:
    swap = {"EndpointName": MODEL, "EndpointConfigName": standing.endpoint_config}
    note = {"Name": "/adam/note", "Value": "mine", "Type": "String", "Overwrite": True}
    releases = Witnessed("release-stack/", PRODUCTION, "sagemaker", "CreateEndpoint")
    yield Pair(
        "a data scientist releases to production directly",
        Act("ana", SCIENCE, "sts", "AssumeRole", _enter(facts.role(PRODUCTION, "release"))),
        Witnessed(_PIPELINE, PRODUCTION, "sts", "AssumeRole"),
    )
    yield Pair(
        "an MLOps engineer releases to production directly",
        Act("dee", PRODUCTION, "sagemaker", "UpdateEndpoint", swap),
        releases,
    )
    yield Pair(
        "an administrator with AdministratorAccess releases to production directly",
        Act("adam", PRODUCTION, "sagemaker", "UpdateEndpoint", swap),
        releases,
    )
    yield Pair(
        "an auditor changes something",
        Act("audrey", PRODUCTION, "ssm", "PutParameter", note),
        Act("adam", PRODUCTION, "ssm", "PutParameter", note),
    )
    approve = {"ModelPackageArn": standing.package, "ModelApprovalStatus": "Approved"}
    yield Pair(
        "an MLOps engineer approves a model past the pipeline",
        Act("dee", SHARED, "sagemaker", "UpdateModelPackage", approve),
        Witnessed(_PIPELINE, SHARED, "sagemaker", "UpdateModelPackage"),
    )


def _of_buckets_and_data(facts: Facts, standing: Standing) -> Iterator[Pair]:
    workspace = facts.workspace(SCIENCE)
    own = f"adams-notes-{facts.ids[SCIENCE]}"
    place = {"LocationConstraint": facts.document.region}
    yield Pair(
        "an administrator makes a bucket public",
        Act(
            "adam",
            SCIENCE,
            "s3",
            "PutPublicAccessBlock",
            {"Bucket": workspace, "PublicAccessBlockConfiguration": _BLOCK},
        ),
        Act(
            "adam",
            SCIENCE,
            "s3",
            "CreateBucket",
            {"Bucket": own, "CreateBucketConfiguration": place},
        ),
    )
    yield Pair(
        "a data scientist reads a data set that was not granted",
        Act(
            "ana", SCIENCE, "s3", "GetObject", _object(facts, OTHER_DATASET, standing.shipments_key)
        ),
        Act("ana", SCIENCE, "s3", "GetObject", _object(facts, DATASET, standing.flights_key)),
    )
    yield Pair(
        "a data engineer opens a data set to whom the file does not name",
        Act(
            "eli",
            LAKE,
            "s3",
            "PutBucketPolicy",
            {
                "Bucket": facts.lake(DATASET),
                "Policy": json.dumps({"Version": "2012-10-17", "Statement": []}),
            },
        ),
        Act(
            "eli",
            LAKE,
            "s3",
            "PutObject",
            {"Bucket": facts.lake(DATASET), "Key": f"{DATASET}/NOTES", "Body": b"2013 only"},
        ),
    )


def _of_guardrails(facts: Facts, standing: Standing) -> Iterator[Pair]:
    trail = facts.arn("management", "cloudtrail", "trail/landrail")
    yield Pair(
        "an administrator stops the trail",
        Act("adam", PRODUCTION, "cloudtrail", "StopLogging", {"Name": trail}),
        Act("break-glass", "management", "cloudtrail", "StartLogging", {"Name": trail}),
    )
    recorder = {"ConfigurationRecorderName": "landrail"}
    yield Pair(
        "an administrator stops the recording of configurations",
        Act("adam", PRODUCTION, "config", "StopConfigurationRecorder", recorder),
        Act("break-glass", PRODUCTION, "config", "StartConfigurationRecorder", recorder),
    )
    yield Pair(
        "an administrator leaves the organization",
        Act("adam", "cargo-production", "organizations", "LeaveOrganization"),
        Act("adam", "cargo-production", "organizations", "DescribeOrganization"),
    )
    detach = {"PolicyId": standing.policy_id, "TargetId": standing.target_id}
    same = {"PolicyId": standing.policy_id, "Description": standing.policy_description}
    yield Pair(
        "an administrator detaches a guardrail",
        Act("adam", PRODUCTION, "organizations", "DetachPolicy", detach),
        Act("sam", "management", "organizations", "UpdatePolicy", same),
    )


def _of_machine_roles(facts: Facts) -> Iterator[Pair]:
    release = facts.role(PRODUCTION, "release")
    trust = _trusting(facts.ids[PRODUCTION])
    own = f"arn:aws:iam::{facts.ids[PRODUCTION]}:role/{_OWN_ROLE}"
    yield Pair(
        "an administrator makes a machine role of their own",
        Act(
            "adam",
            PRODUCTION,
            "iam",
            "CreateRole",
            {"RoleName": "release-2", "Path": "/landrail/", "AssumeRolePolicyDocument": trust},
        ),
        Act(
            "adam",
            PRODUCTION,
            "iam",
            "CreateRole",
            {"RoleName": _OWN_ROLE, "AssumeRolePolicyDocument": trust},
        ),
    )
    yield Pair(
        "an administrator lets themselves into the release role",
        Act(
            "adam",
            PRODUCTION,
            "iam",
            "UpdateAssumeRolePolicy",
            {"RoleName": "release", "PolicyDocument": trust},
        ),
        Act(
            "adam",
            PRODUCTION,
            "iam",
            "UpdateAssumeRolePolicy",
            {"RoleName": _OWN_ROLE, "PolicyDocument": trust},
        ),
    )
    yield Pair(
        "an administrator becomes the release role",
        Act("adam", PRODUCTION, "sts", "AssumeRole", _enter(release)),
        Act("adam", PRODUCTION, "sts", "AssumeRole", _enter(own)),
    )
    yield Pair(
        "an MLOps engineer becomes the pipeline's role",
        Act(
            "dee",
            SHARED,
            "sts",
            "AssumeRole",
            _enter(facts.role(SHARED, _PIPELINE)),
        ),
        Witnessed(f"{_PIPELINE}/", SHARED, "codebuild", "StartBuild"),
    )


def _model(facts: Facts, account: str, name: str, standing: Standing) -> dict[str, object]:
    return {
        "ModelName": name,
        "ExecutionRoleArn": facts.role(account, "job"),
        "PrimaryContainer": {"Image": standing.image},
        "VpcConfig": dict(standing.network),
        "EnableNetworkIsolation": True,
    }


def _object(facts: Facts, dataset: str, key: str) -> dict[str, str]:
    return {"Bucket": facts.lake(dataset), "Key": key}


def _enter(role: str) -> dict[str, str]:
    return {"RoleArn": role, "RoleSessionName": "trying"}


def _trusting(account_id: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"},
        "Action": "sts:AssumeRole",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
