"""Clients that all work at once, each with a model of what it must see: what it wrote itself, and
nothing of what others wrote; what they share is counted.

`Client.step` makes a few calls of a random kind and fails where an answer is not what the model
says; `Client.look` compares everything that the model has with what is there.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .server import CONFIG, REGION

BUCKET = "crowd-objects"
SHARED = "/crowd/shared"
QUEUE = "crowd"
REPOSITORY = "crowd"
_TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole"}


@dataclass(frozen=True)
class Place:
    """Where the crowd works, and as whom."""

    endpoint: str
    key: tuple[str, str]
    account: str
    kms_key: str
    queue: str

    def client(self, service: str, session: boto3.Session | None = None) -> Any:
        """A client of the bootstrap user, or of a session."""
        chosen = session or boto3.Session(*self.key, region_name=REGION)
        return chosen.client(service, endpoint_url=self.endpoint, config=CONFIG)


@cache
def _shared(place: Place, service: str) -> Any:
    """One client of boto3 for all of the crowd in a process: each call has its own connection."""
    return place.client(service)


def furnish(endpoint: str, bootstrap: dict[str, str], account: str) -> Place:
    """Make what the crowd shares."""
    key = (bootstrap["access_key_id"], bootstrap["secret_access_key"])
    place = Place(endpoint, key, account, "", "")
    where = {"LocationConstraint": REGION}
    place.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
    code = place.client("codecommit")
    code.create_repository(repositoryName=REPOSITORY)
    file = {"filePath": "first", "fileContent": b"first"}
    code.create_commit(repositoryName=REPOSITORY, branchName="main", putFiles=[file])
    kms = place.client("kms").create_key()["KeyMetadata"]["KeyId"]
    queue = place.client("sqs").create_queue(QueueName=QUEUE)["QueueUrl"]
    user = {"Principal": {"AWS": f"arn:aws:iam::{account}:user/bootstrap"}}
    iam = place.client("iam")
    iam.create_role(RoleName="crowd-reader", AssumeRolePolicyDocument=document(_TRUST | user))
    allowed = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}
    iam.put_role_policy(RoleName="crowd-reader", PolicyName="p", PolicyDocument=document(allowed))
    return Place(endpoint, key, account, kms, queue)


def document(statement: dict[str, Any]) -> str:
    """A policy of one statement."""
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@dataclass
class Client:
    """One of the crowd."""

    place: Place
    name: str
    seed: int
    calls: int = 0
    objects: dict[str, bytes] = field(default_factory=dict)
    roles: dict[str, dict[str, str]] = field(default_factory=dict)
    parameters: dict[str, tuple[str, int]] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    tip: str = ""
    shared_writes: int = 0
    sent: int = 0
    received: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self._clients: dict[str, Any] = {}
        self._steps: tuple[Callable[[], None], ...] = (
            *(self._put, self._put, self._get, self._listed, self._delete, self._parts),
            *(self._role, self._tagged, self._parameter, self._parameter, self._share),
            *(self._send, self._receive, self._sealed, self._commit, self._group, self._enter),
        )

    def __getattr__(self, service: str) -> Any:
        """A client of a service, made at the first use."""
        if service.startswith("_"):
            raise AttributeError(service)
        if service not in self._clients:
            self._clients[service] = _Counted(self, _shared(self.place, service))
        return self._clients[service]

    def work(self, calls: int) -> None:
        """Make about so many calls."""
        while self.calls < calls:
            self._dice.choice(self._steps)()

    def _body(self) -> bytes:
        size = self._dice.choice((0, 10, 1000, 5000, 40_000))
        return self._dice.randbytes(size)

    def _put(self) -> None:
        key = f"{self.name}/{self._dice.randrange(12)}"
        body = self._body()
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=body)
        self.objects[key] = body
        assert self._read(key) == body

    def _read(self, key: str) -> bytes:
        return bytes(self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())

    def _get(self) -> None:
        key = f"{self.name}/{self._dice.randrange(12)}"
        if key in self.objects:
            assert self._read(key) == self.objects[key]
        else:
            self._refused("NoSuchKey", self.s3.get_object, Bucket=BUCKET, Key=key)

    def _listed(self) -> None:
        listed = self.s3.list_objects_v2(Bucket=BUCKET, Prefix=f"{self.name}/")
        sizes = {item["Key"]: item["Size"] for item in listed.get("Contents", [])}
        assert sizes == {key: len(body) for key, body in self.objects.items()}

    def _delete(self) -> None:
        if self.objects:
            key = self._dice.choice(sorted(self.objects))
            self.s3.delete_object(Bucket=BUCKET, Key=key)
            del self.objects[key]
            self._refused("404", self.s3.head_object, Bucket=BUCKET, Key=key)

    def _parts(self) -> None:
        key, body = f"{self.name}/parts", self._body()
        named = {"Bucket": BUCKET, "Key": key}
        named["UploadId"] = self.s3.create_multipart_upload(**named)["UploadId"]
        tag = self.s3.upload_part(**named, PartNumber=1, Body=body)["ETag"]
        if self._dice.random() < 0.3:
            self.s3.abort_multipart_upload(**named)
            return
        parts = {"Parts": [{"PartNumber": 1, "ETag": tag}]}
        self.s3.complete_multipart_upload(**named, MultipartUpload=parts)
        self.objects[key] = body
        assert self._read(key) == body

    def _role(self) -> None:
        name = f"{self.name}-{self._dice.randrange(6)}"
        if name in self.roles:
            self.iam.delete_role(RoleName=name)
            del self.roles[name]
            self._refused("NoSuchEntity", self.iam.get_role, RoleName=name)
        else:
            trust = document(_TRUST | {"Principal": {"Service": "ec2.amazonaws.com"}})
            self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
            self.roles[name] = {}

    def _tagged(self) -> None:
        if self.roles:
            name = self._dice.choice(sorted(self.roles))
            tag = {"Key": f"k{self._dice.randrange(3)}", "Value": str(self._dice.randrange(99))}
            self.iam.tag_role(RoleName=name, Tags=[tag])
            self.roles[name][tag["Key"]] = tag["Value"]
            assert self._tags(name) == self.roles[name]

    def _tags(self, name: str) -> dict[str, str]:
        role = self.iam.get_role(RoleName=name)["Role"]
        return {tag["Key"]: tag["Value"] for tag in role.get("Tags", [])}

    def _parameter(self) -> None:
        name = f"/crowd/{self.name}/{self._dice.randrange(5)}"
        value, (_, version) = str(self._dice.random()), self.parameters.get(name, ("", 0))
        put = self.ssm.put_parameter(Name=name, Value=value, Type="String", Overwrite=True)
        self.parameters[name] = value, version + 1
        assert put["Version"] == version + 1
        assert self._value(name) == (value, version + 1)

    def _value(self, name: str) -> tuple[str, int]:
        found = self.ssm.get_parameter(Name=name)["Parameter"]
        return found["Value"], found["Version"]

    def _share(self) -> None:
        """Everybody writes this one; its version tells in the end how often."""
        named = {"Name": SHARED, "Type": "String", "Overwrite": True}
        version = self.ssm.put_parameter(**named, Value=self.name)["Version"]
        self.shared_writes += 1
        assert self._value(SHARED)[1] >= version

    def _send(self) -> None:
        body = f"{self.name}/{self.sent}"
        self.sqs.send_message(QueueUrl=self.place.queue, MessageBody=body)
        self.sent += 1

    def _receive(self) -> None:
        """What one has received and deleted, nobody receives again."""
        queue = {"QueueUrl": self.place.queue}
        asked = {"MaxNumberOfMessages": 3, "VisibilityTimeout": 43_000}
        for message in self.sqs.receive_message(**queue, **asked).get("Messages", []):
            self.received.append(message["Body"])
            self.sqs.delete_message(**queue, ReceiptHandle=message["ReceiptHandle"])

    def _sealed(self) -> None:
        words = self._dice.randbytes(40)
        sealed = self.kms.encrypt(KeyId=self.place.kms_key, Plaintext=words)["CiphertextBlob"]
        assert self.kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == words

    def _commit(self) -> None:
        put = {"filePath": "file", "fileContent": self._body() + str(self.calls).encode()}
        branch: dict[str, Any] = {"repositoryName": REPOSITORY, "branchName": self.name}
        if not self.tip:
            self.tip = self._branch("main")
            self.codecommit.create_branch(**branch, commitId=self.tip)
        made = self.codecommit.create_commit(**branch, parentCommitId=self.tip, putFiles=[put])
        self.tip = made["commitId"]
        assert self._branch(self.name) == self.tip

    def _branch(self, name: str) -> str:
        branch = {"repositoryName": REPOSITORY, "branchName": name}
        return str(self.codecommit.get_branch(**branch)["branch"]["commitId"])

    def _group(self) -> None:
        name = f"{self.name}-{self._dice.randrange(5)}"
        if name in self.groups:
            self.sagemaker.delete_model_package_group(ModelPackageGroupName=name)
            self.groups.remove(name)
        else:
            self.sagemaker.create_model_package_group(ModelPackageGroupName=name)
            self.groups.add(name)
            found = self.sagemaker.describe_model_package_group(ModelPackageGroupName=name)
            assert found["ModelPackageGroupName"] == name

    def _enter(self) -> None:
        """A session that may read, and nothing else."""
        role = f"arn:aws:iam::{self.place.account}:role/crowd-reader"
        answer = self.sts.assume_role(RoleArn=role, RoleSessionName=self.name)
        reader = self._clients.get("reader") or self._reader(answer["Credentials"])
        for key in sorted(self.objects)[:1]:
            got = reader.get_object(Bucket=BUCKET, Key=key)["Body"].read()
            assert got == self.objects[key]
        self._refused("AccessDenied", reader.put_object, Bucket=BUCKET, Key="no", Body=b"")
        self._refused("AccessDenied", reader.list_buckets)

    def _reader(self, given: dict[str, str]) -> Any:
        names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
        session = boto3.Session(*(given[name] for name in names), region_name=REGION)
        self._clients["reader"] = _Counted(self, self.place.client("s3", session))
        return self._clients["reader"]

    def _refused(self, code: str, call: Callable[..., Any], **given: Any) -> None:
        with pytest.raises(ClientError) as refused:
            call(**given)
        assert refused.value.response["Error"]["Code"] == code

    def look(self) -> Iterator[str]:
        """Yield what is not as the model says."""
        for key, body in self.objects.items():
            if self._read(key) != body:
                yield key
        for name, tags in self.roles.items():
            if self._tags(name) != tags:
                yield name
        for name, value in self.parameters.items():
            if self._value(name) != value:
                yield name
        if self.tip and self._branch(self.name) != self.tip:
            yield f"branch {self.name}"
        listed = self.sagemaker.list_model_package_groups(NameContains=self.name, MaxResults=100)
        groups = {g["ModelPackageGroupName"] for g in listed["ModelPackageGroupSummaryList"]}
        if groups != self.groups:
            yield f"groups {groups ^ self.groups}"


class _Counted:
    """A client whose calls are counted."""

    def __init__(self, of: Client, client: Any) -> None:
        self._of = of
        self._client = client

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)

        def counted(**given: Any) -> Any:
            self._of.calls += 1
            return call(**given)

        return counted
