"""An endpoint on a local AWS of its own, for measuring: made by boto3 from a project's program."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import landrail.serving
from landrail.aws.registry import Registry
from landrail.images import File, build, host_base

REGION = "eu-west-1"
NAME = "bench"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "sagemaker.amazonaws.com"},
        "Action": "sts:AssumeRole",
    },
}
_ALLOW = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": ["s3:*", "ecr:*", "logs:*"], "Resource": "*"},
}


@dataclass(frozen=True)
class Hosted:
    """A local AWS with one endpoint in service: its process, its address, and who may ask."""

    pid: int
    endpoint: str
    session: boto3.Session

    def client(self, service: str) -> Any:
        """Return a client of a service."""
        return self.session.client(service, endpoint_url=self.endpoint)

    def request(self, body: bytes) -> bytes:
        """Return a signed InvokeEndpoint as it goes over the wire; it is good for minutes."""
        key = self.session.get_credentials().get_frozen_credentials()
        url = f"{self.endpoint}/endpoints/{NAME}/invocations"
        headers = {"Content-Type": "application/json"}
        request = AWSRequest("POST", url, headers=headers, data=body)
        keys = Credentials(key.access_key, key.secret_key, key.token)
        SigV4Auth(keys, "sagemaker", REGION).add_auth(request)
        host = self.endpoint.removeprefix("http://")
        words = {**dict(request.headers), "Host": host, "Content-Length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in words.items())
        return f"POST /endpoints/{NAME}/invocations HTTP/1.1\r\n{head}\r\n".encode() + body


@contextmanager
def hosted(state: Path, program: bytes, model: Sequence[Path]) -> Iterator[Hosted]:
    """Start a local AWS over `state` and serve these files of a model by `program`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    command = [sys.executable, "-m", "landrail.localaws", "--state", str(state), "--port", "0"]
    process = subprocess.Popen(command, env=kept, stdout=subprocess.DEVNULL)
    try:
        document = _ready(process, state / "server.json")
        bootstrap = document["bootstrap"]
        session = boto3.Session(
            bootstrap["access_key_id"], bootstrap["secret_access_key"], region_name=REGION
        )
        one = Hosted(process.pid, document["endpoint"], session)
        _serve(one, program, model)
        yield one
    finally:
        process.terminate()
        process.wait(60)


def _ready(process: subprocess.Popen[bytes], file: Path) -> Mapping[str, Any]:
    for _ in range(1200):
        if file.exists():
            document: dict[str, Any] = json.loads(file.read_text())
            if document["pid"] == process.pid:
                return document
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise SystemExit("the local AWS does not start")


def _serve(one: Hosted, program: bytes, model: Sequence[Path]) -> None:
    iam, s3, ecr = one.client("iam"), one.client("s3"), one.client("ecr")
    role = iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=json.dumps(_TRUST))
    iam.put_role_policy(RoleName=NAME, PolicyName=NAME, PolicyDocument=json.dumps(_ALLOW))
    s3.create_bucket(Bucket=NAME, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=NAME, Key="model.tar.gz", Body=_packed(model))
    uri = ecr.create_repository(repositoryName=NAME)["repository"]["repositoryUri"]
    entrypoint = ["python", "/opt/program/main.py"]
    files = {"main.py": File(program), **_serving()}
    image = build(host_base(), files, [], entrypoint, {})
    pushed = Registry(ecr, uri.split("/")[0]).push(image, NAME, tag="latest")
    sagemaker = one.client("sagemaker")
    container = {"Image": pushed, "ModelDataUrl": f"s3://{NAME}/model.tar.gz"}
    sagemaker.create_model(
        ModelName=NAME, ExecutionRoleArn=role["Role"]["Arn"], PrimaryContainer=container
    )
    variant = {"VariantName": "all", "ModelName": NAME, "InstanceType": "ml.m5.large",
               "InitialInstanceCount": 1}  # fmt: skip
    sagemaker.create_endpoint_config(EndpointConfigName=NAME, ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName=NAME, EndpointConfigName=NAME)
    for _ in range(600):
        told = sagemaker.describe_endpoint(EndpointName=NAME)
        if told["EndpointStatus"] != "Creating":
            break
        time.sleep(0.1)
    if told["EndpointStatus"] != "InService":
        raise SystemExit(f"the endpoint is {told['EndpointStatus']}: {told.get('FailureReason')}")


def _serving() -> dict[str, File]:
    """Return the package that serves, which an image carries where it is not installed."""
    package = Path(landrail.serving.__file__).parent
    files = {
        f"landrail/serving/{path.relative_to(package)}": path for path in package.rglob("*.py")
    }
    found = {name: File(path.read_bytes()) for name, path in files.items()}
    return {"landrail/__init__.py": File(b""), **found}


def _packed(files: Sequence[Path]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for path in sorted(files):
            archive.add(path, path.name)
    return out.getvalue()
