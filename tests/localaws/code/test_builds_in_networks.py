"""Builds in a VPC: source, artifacts and commands come by its endpoints, and by nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from code_people import REGION, Person, allow, until

from landrail.localaws.runtimes.process import isolation

ROLE = allow("logs:*", "s3:*", "sts:*", "codecommit:GitPull", "codeartifact:*")
ASK = """
import boto3, botocore.exceptions as wrong, sys
def tell(name, call, **more):
    try:
        call(**more)
        print(name, "answered")
    except wrong.ClientError as error:
        print(name, error.response["Error"]["Code"])
tell("s3", boto3.client("s3").get_object, Bucket=sys.argv[1], Key="k")
tell("sts", boto3.client("sts").get_caller_identity)
import socket
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[2])), 2).close()
    print("the machine is reached")
except OSError:
    print("the machine is out of reach")
"""


@dataclass
class Network:
    """A VPC with an endpoint for S3, as a project's vpcConfig."""

    ec2: Any
    config: dict[str, Any]
    s3: str

    def endpoint(self, service: str) -> None:
        self.ec2.create_vpc_endpoint(
            VpcId=self.config["vpcId"],
            ServiceName=f"com.amazonaws.{REGION}.{service}",
            VpcEndpointType="Interface",
            SubnetIds=self.config["subnets"],
        )


@pytest.fixture
def network(person: Person, unique: Callable[[str], str]) -> Network:
    ec2 = person.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.40.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.40.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName=unique("g"), Description="builds", VpcId=vpc)
    (main,) = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])[
        "RouteTables"
    ]
    made = ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName=f"com.amazonaws.{REGION}.s3",
        RouteTableIds=[main["RouteTableId"]],
    )["VpcEndpoint"]
    config = {"vpcId": vpc, "subnets": [subnet], "securityGroupIds": [group["GroupId"]]}
    return Network(ec2, config, made["VpcEndpointId"])


@pytest.fixture
def build(
    person: Person, service_role: Callable[..., str], unique: Callable[[str], str]
) -> Callable[..., tuple[dict[str, Any], str]]:
    """Run a build and return it with its log."""
    role = service_role(unique("build"), ROLE, "codebuild.amazonaws.com")
    client, logs = person.client("codebuild"), person.client("logs")

    def run(spec: dict[str, Any], **more: Any) -> tuple[dict[str, Any], str]:
        name = unique("project")
        settings: dict[str, Any] = {
            "source": {"type": "NO_SOURCE", "buildspec": json.dumps(spec, indent=1)},
            "artifacts": {"type": "NO_ARTIFACTS"},
            "environment": {
                "type": "LINUX_CONTAINER",
                "image": "host",
                "computeType": "BUILD_GENERAL1_SMALL",
            },
            "serviceRole": role,
        }
        client.create_project(name=name, **{**settings, **more})
        started = client.start_build(projectName=name)["build"]["id"]

        def over() -> dict[str, Any] | None:
            found: dict[str, Any] = client.batch_get_builds(ids=[started])["builds"][0]
            return found if found["buildComplete"] else None

        done = until(over)
        where = done["logs"]
        events = logs.get_log_events(
            logGroupName=where["groupName"], logStreamName=where["streamName"]
        )["events"]
        return done, "".join(one["message"] for one in events)

    return run


def _steps(*commands: str) -> dict[str, Any]:
    return {"version": "0.2", "phases": {"build": {"commands": list(commands)}}}


def _message(build: dict[str, Any]) -> str:
    return " ".join(c["message"] for p in build["phases"] for c in p.get("contexts", ()))


def test_commands_come_from_the_network_of_the_build(
    person: Person, network: Network, build: Any, bucket: Any, unique: Callable[[str], str]
) -> None:
    data = bucket(unique("data"))
    person.client("s3").put_object(Bucket=data, Key="k", Body=b"x")
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{data}/*",
        "Condition": {"StringNotEquals": {"aws:SourceVpce": network.s3}},
    }
    policy = {"Version": "2012-10-17", "Statement": [deny]}
    person.client("s3").put_bucket_policy(Bucket=data, Policy=json.dumps(policy))
    port = person.endpoint.rpartition(":")[2]
    spec = _steps(f"python - {data} {port} <<'END'\n{ASK}\nEND")
    done, log = build(spec, vpcConfig=network.config)
    assert done["buildStatus"] == "SUCCEEDED", log
    assert {"s3 answered", "sts NoRouteToService"} <= set(log.splitlines())
    assert (isolation() != "bubblewrap") is ("the machine is reached" in log.splitlines())
    done, log = build(spec)
    told = {"s3 AccessDenied", "sts answered", "the machine is reached"}
    assert told <= set(log.splitlines())


def test_the_source_is_fetched_from_there(
    person: Person, network: Network, build: Any, unique: Callable[[str], str]
) -> None:
    commits, repository = person.client("codecommit"), unique("repo")
    url = commits.create_repository(repositoryName=repository)["repositoryMetadata"]["cloneUrlHttp"]
    spec = json.dumps(_steps("cat word.txt")).encode()
    commits.create_commit(
        repositoryName=repository,
        branchName="main",
        putFiles=[
            {"filePath": "buildspec.yml", "fileContent": spec},
            {"filePath": "word.txt", "fileContent": b"cloned\n"},
        ],
    )
    source = {"type": "CODECOMMIT", "location": url}
    done, _ = build({}, source=source, vpcConfig=network.config)
    assert done["buildStatus"] == "FAILED"
    network.endpoint("git-codecommit")
    done, log = build({}, source=source, vpcConfig=network.config)
    assert done["buildStatus"] == "SUCCEEDED", _message(done)
    assert "cloned" in log.splitlines()


def test_packages_are_named_at_the_address_of_the_build(
    person: Person, network: Network, build: Any, unique: Callable[[str], str]
) -> None:
    network.endpoint("codeartifact.api")
    artifacts, domain = person.client("codeartifact"), unique("d")
    artifacts.create_domain(domain=domain)
    artifacts.create_repository(domain=domain, repository="rep")
    tell = (
        f"aws codeartifact get-repository-endpoint --domain {domain} --repository rep --format pypi"
        " --query repositoryEndpoint --output text"
    )
    done, log = build(_steps(tell, 'echo "mine $AWS_ENDPOINT_URL"'), vpcConfig=network.config)
    assert done["buildStatus"] == "SUCCEEDED", log
    lines = log.splitlines()
    mine = next(line.removeprefix("mine ") for line in lines if line.startswith("mine "))
    assert mine != person.endpoint
    assert any(line.startswith(f"{mine}/") for line in lines)


def test_a_network_that_is_not_there_fails_the_build(network: Network, build: Any) -> None:
    for wrong in ({"subnets": ["subnet-00000000000000000"]}, {"vpcId": "vpc-00000000000000000"}):
        done, _ = build(_steps("true"), vpcConfig={**network.config, **wrong})
        assert done["buildStatus"] == "FAILED"
        (failed,) = [p for p in done["phases"] if p.get("phaseStatus") == "FAILED"]
        assert failed["phaseType"] == "PROVISIONING"
        assert failed["contexts"][0]["statusCode"] == "VPC_CLIENT_ERROR"
