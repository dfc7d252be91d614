"""An account with a bucket, an execution role and one image whose program trains and serves."""

from __future__ import annotations

import io
import json
import tarfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3

from landrail.aws.registry import Registry
from landrail.images import File, build, host_base

PROGRAM = b"""
import json, os, pathlib, signal, sys, time, urllib.error, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BASE = pathlib.Path(os.environ["SAGEMAKER_BASE_DIR"])

def train():
    settings = json.loads((BASE / "input/config/hyperparameters.json").read_text())
    mode = settings.get("mode")
    if mode == "fail":
        (BASE / "output").mkdir(exist_ok=True)
        (BASE / "output/failure").write_text("no luck today")
        sys.exit(3)
    if mode == "sleep":
        signal.signal(signal.SIGTERM, lambda *a: sys.exit(0))
        (pathlib.Path(os.environ["SM_MODEL_DIR"]) / "partial").write_text("half")
        print("sleeping", flush=True)
        time.sleep(120)
    channel = pathlib.Path(os.environ["SM_CHANNEL_TRAINING"])
    numbers = [float(x) for f in sorted(channel.iterdir()) for x in f.read_text().split()]
    seen = {
        "mean": sum(numbers) / len(numbers),
        "keys": sorted(k for k in os.environ if k.startswith("AWS_")),
        "home": sorted(os.listdir("/root")) if os.path.isdir("/root") else [],
    }
    if mode == "who":
        import boto3
        seen["arn"] = boto3.client("sts").get_caller_identity()["Arn"]
    if mode == "read":
        import boto3, botocore.exceptions
        try:
            found = boto3.client("s3").get_object(Bucket=settings["bucket"], Key=settings["key"])
            seen["read"] = found["Body"].read().decode()
        except botocore.exceptions.ClientError as error:
            seen["read"] = error.response["Error"]["Code"]
    if mode == "ask-kms":
        import boto3, botocore.exceptions
        try:
            boto3.client("kms").list_keys()
            seen["kms"] = "answered"
        except botocore.exceptions.ClientError as error:
            seen["kms"] = error.response["Error"]["Code"]
    if mode == "network":
        try:
            urllib.request.urlopen(settings["url"], timeout=3)
            seen["network"] = True
        except OSError:
            seen["network"] = False
    (pathlib.Path(os.environ["SM_MODEL_DIR"]) / "model.json").write_text(json.dumps(seen))
    print("loss=2.5;")
    print("loss=0.25;", flush=True)

def evaluate():
    data = (BASE / "processing/data").iterdir()
    total = sum(len(f.read_bytes()) for f in data)
    (BASE / "processing/out").mkdir(exist_ok=True)
    (BASE / "processing/out/metrics.json").write_text(json.dumps({"bytes": total}))

def serve():
    model = json.loads((BASE / "model/model.json").read_text())
    if os.environ.get("BROKEN"):
        sys.exit(1)
    if os.environ.get("STARTS"):
        with open(BASE / "model/starts", "a+") as starts:
            starts.write("x")
            starts.flush()
            starts.seek(0)
            if len(starts.read()) > int(os.environ["STARTS"]):
                sys.exit(1)
    slow, fails = float(os.environ.get("SLOW", "0")), os.environ.get("FAILS")
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        def do_GET(self):
            self.answer(200, b"", "text/plain")
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(slow)
            if body == b"die":
                os._exit(1)
            if body.startswith(b"reach "):
                try:
                    url = body[6:].decode() or os.environ["AWS_ENDPOINT_URL"]
                    urllib.request.urlopen(url, timeout=3)
                except urllib.error.HTTPError as answered:
                    body = str(answered.code).encode()
                except OSError:
                    body = b"5"
            if body.startswith(b"take "):
                try:
                    bytearray(int(body[5:]) << 20)
                except MemoryError:
                    self.answer(507, b"no memory", "text/plain")
                    return
                body = b"5"
            if fails:
                self.answer(500, b"this model is broken", "text/plain")
                return
            try:
                values = [float(x) - model["mean"] for x in body.split()]
            except ValueError:
                self.answer(400, b"not a number", "text/plain")
                return
            words = {"X-Amzn-SageMaker-Custom-Attributes": os.environ.get("COLOUR", "none")}
            text = "\\n".join(f"{v:.2f}" for v in values).encode()
            self.answer(200, text, self.headers["Accept"], words)
        def answer(self, status, body, kind, more={}):
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": len(body), **more}.items():
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(body)
        def log_message(self, *words):
            pass
    port = int(os.environ.get("SAGEMAKER_BIND_TO_PORT", "8080"))
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()

{"train": train, "evaluate": evaluate, "serve": serve}[sys.argv[1]]()
"""
ENTRYPOINT = ["python", "/opt/program/main.py"]


@dataclass
class Studio:
    """One account and what is in it."""

    cloud: Any
    account: str
    session: boto3.Session
    bucket: str
    role: str
    repository: str
    image: str

    clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        # Making a client of SageMaker takes longer than most calls.
        if service not in self.clients:
            self.clients[service] = self.cloud.client(service, self.session)
        return self.clients[service]

    @property
    def sagemaker(self) -> Any:
        return self.client("sagemaker")

    def put(self, key: str, body: bytes) -> str:
        self.client("s3").put_object(Bucket=self.bucket, Key=key, Body=body)
        return f"s3://{self.bucket}/{key}"

    def get(self, uri: str) -> bytes:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        return self.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()

    def unpacked(self, uri: str) -> dict[str, Any]:
        """What the program wrote down, out of its artifact."""
        with tarfile.open(fileobj=io.BytesIO(self.get(uri)), mode="r:gz") as archive:
            file = archive.extractfile("model.json")
            assert file is not None
            found: dict[str, Any] = json.loads(file.read())
            return found

    def model_data(self, mean: float) -> str:
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz") as archive:
            data = json.dumps({"mean": mean}).encode()
            entry = tarfile.TarInfo("model.json")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        return self.put(f"models/{uuid.uuid4().hex}/model.tar.gz", out.getvalue())

    def trained(self, name: str, **settings: Any) -> dict[str, Any]:
        """Run a training job; what is said of it once it has ended."""
        self.sagemaker.create_training_job(**self.training(name, **settings))
        return until(
            lambda: self.sagemaker.describe_training_job(TrainingJobName=name),
            "TrainingJobStatus",
            "InProgress",
            "Stopping",
        )

    def training(self, name: str, **settings: Any) -> dict[str, Any]:
        """A request for a training job; `hyper` are its hyperparameters."""
        hyper = settings.pop("hyper", {})
        request: dict[str, Any] = {
            "TrainingJobName": name,
            "RoleArn": self.role,
            "AlgorithmSpecification": {
                "TrainingImage": self.image,
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+);"}],
            },
            "HyperParameters": hyper,
            "InputDataConfig": [channel("training", f"s3://{self.bucket}/numbers/")],
            "OutputDataConfig": {"S3OutputPath": f"s3://{self.bucket}/out"},
            "ResourceConfig": {
                "InstanceType": "ml.m5.large",
                "InstanceCount": 1,
                "VolumeSizeInGB": 1,
            },
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        }
        return request | settings

    def model(self, name: str, mean: float, *, colour: str = "none", **more: Any) -> str:
        container = {
            "Image": self.image,
            "ModelDataUrl": self.model_data(mean),
            "Environment": {"COLOUR": colour, **more.pop("environment", {})},
        }
        self.sagemaker.create_model(
            ModelName=name, ExecutionRoleArn=self.role, PrimaryContainer=container, **more
        )
        return name

    def config(self, name: str, *models: str, count: int = 1, **more: Any) -> str:
        variants = [
            {
                "VariantName": model,
                "ModelName": model,
                "InstanceType": "ml.m5.large",
                "InitialInstanceCount": count,
                "InitialVariantWeight": 1,
            }
            for model in models
        ]
        self.sagemaker.create_endpoint_config(
            EndpointConfigName=name, ProductionVariants=variants, **more
        )
        return name


def channel(name: str, uri: str) -> dict[str, Any]:
    source = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}}


def until(
    ask: Callable[[], dict[str, Any]], member: str, *passing: str, seconds: float = 60
) -> dict[str, Any]:
    """Ask until a status is none of the passing ones."""
    end = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer[member] not in passing:
            return answer
        assert time.monotonic() < end, answer
        time.sleep(0.1)


def make_studio(cloud: Any, account: str, program: bytes = PROGRAM) -> Studio:
    session = cloud.administrator(account)
    bucket, repository = f"b-{uuid.uuid4().hex[:12]}", f"r-{uuid.uuid4().hex[:12]}"
    cloud.client("s3", session).create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    actions = [
        *("s3:*", "ecr:*", "logs:*", "kms:*", "sagemaker:*", "cloudwatch:DescribeAlarms"),
    ]
    allow = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "sagemaker.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    role = cloud.role(
        account,
        f"job-{uuid.uuid4().hex[:8]}",
        {"Version": "2012-10-17", "Statement": [allow]},
        trust,
    )
    ecr = cloud.client("ecr", session)
    uri = ecr.create_repository(repositoryName=repository)["repository"]["repositoryUri"]
    image = build(host_base(), {"main.py": File(program)}, [], ENTRYPOINT, {})
    pushed = Registry(ecr, uri.split("/")[0]).push(image, repository, tag="latest")
    made = Studio(cloud, account, session, bucket, role, repository, pushed)
    made.put("numbers/a.txt", b"1 2")
    made.put("numbers/b.txt", b"3 6")
    return made
