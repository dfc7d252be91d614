"""ECR through its public doors: boto3 and the OCI distribution API."""

from __future__ import annotations

import base64
import hashlib
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError
from code_people import REGION, Person, allow

OCI = "application/vnd.oci.image.manifest.v1+json"


def digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


@dataclass
class Answer:
    status: int
    headers: Any
    body: bytes

    @property
    def code(self) -> str:
        return str(json.loads(self.body)["errors"][0]["code"])


class Registry:
    """A client of the distribution API, as somebody."""

    def __init__(self, person: Person, account: str, *, by_path: bool = False) -> None:
        self.endpoint = person.endpoint
        self.host = f"{account}.dkr.ecr.{REGION}.amazonaws.com"
        self.prefix = f"/v2/{self.host}" if by_path else "/v2"
        self.by_path = by_path
        data = person.client("ecr").get_authorization_token()["authorizationData"][0]
        self.token = data["authorizationToken"]

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        url = path if path.startswith("/v2") else f"{self.prefix}/{path}"
        request = urllib.request.Request(f"{self.endpoint}{url}", data=body, method=method)
        if not self.by_path:
            request.add_header("Host", self.host)
        request.add_header("Authorization", f"Basic {self.token}")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(request) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())

    def push_blob(self, name: str, content: bytes, *, step: int = 7) -> Answer:
        begun = self.ask("POST", f"{name}/blobs/uploads/", b"")
        if begun.status != 202:
            return begun
        where = begun.headers["Location"]
        for start in range(0, len(content), step):
            part = content[start : start + step]
            span = f"{start}-{start + len(part) - 1}"
            sent = self.ask("PATCH", where, part, Content_Range=span)
            assert sent.status == 202, sent.body
        return self.ask("PUT", f"{where}?digest={digest(content)}", b"")

    def push(self, name: str, tag: str, layer: bytes = b"layer of the image") -> tuple[str, Answer]:
        config = json.dumps({"architecture": "amd64", "os": "linux"}).encode()
        for blob in (config, layer):
            pushed = self.push_blob(name, blob)
            if pushed.status != 201:
                return "", pushed
        manifest = image(config, layer)
        answer = self.ask("PUT", f"{name}/manifests/{tag}", manifest, Content_Type=OCI)
        return digest(manifest), answer


def image(config: bytes, *layers: bytes) -> bytes:
    def part(content: bytes, kind: str) -> dict[str, Any]:
        media = f"application/vnd.oci.image.{kind}"
        return {"mediaType": media, "size": len(content), "digest": digest(content)}

    document = {
        "schemaVersion": 2,
        "mediaType": OCI,
        "config": part(config, "config.v1+json"),
        "layers": [part(one, "layer.v1.tar+gzip") for one in layers],
    }
    return json.dumps(document).encode()


@pytest.fixture
def repository(person: Person, unique: Callable[[str], str]) -> str:
    name = unique("images/model")
    person.client("ecr").create_repository(repositoryName=name)
    return name


@pytest.mark.parametrize("by_path", [False, True])
def test_a_pushed_image_is_pulled_by_tag_and_digest(
    person: Person, account: str, repository: str, by_path: bool
) -> None:
    registry = Registry(person, account, by_path=by_path)
    assert registry.ask("GET", "/v2/").status == 200
    pushed, answer = registry.push(repository, "v1")
    assert (answer.status, answer.headers["Docker-Content-Digest"]) == (201, pushed)
    for reference in ("v1", pushed):
        found = registry.ask("GET", f"{repository}/manifests/{reference}")
        assert (digest(found.body), found.headers["Content-Type"]) == (pushed, OCI)
    layer = digest(b"layer of the image")
    assert registry.ask("HEAD", f"{repository}/blobs/{layer}").status == 200
    assert registry.ask("GET", f"{repository}/blobs/{layer}").body == b"layer of the image"
    assert json.loads(registry.ask("GET", f"{repository}/tags/list").body)["tags"] == ["v1"]

    client = person.client("ecr")
    detail = client.describe_images(repositoryName=repository)["imageDetails"][0]
    assert (detail["imageDigest"], detail["imageTags"]) == (pushed, ["v1"])
    got = client.batch_get_image(
        repositoryName=repository, imageIds=[{"imageDigest": pushed}, {"imageTag": "v9"}]
    )
    assert digest(got["images"][0]["imageManifest"].encode()) == pushed
    assert got["failures"][0]["failureCode"] == "ImageNotFound"


def test_what_is_not_there_is_unknown(person: Person, account: str, repository: str) -> None:
    registry = Registry(person, account)
    missing = digest(b"missing")
    assert registry.ask("GET", f"{repository}/manifests/v9").code == "MANIFEST_UNKNOWN"
    assert registry.ask("GET", f"{repository}/manifests/{missing}").code == "MANIFEST_UNKNOWN"
    assert registry.ask("GET", f"{repository}/blobs/{missing}").code == "BLOB_UNKNOWN"
    assert registry.ask("GET", "no/such/manifests/v1").code == "NAME_UNKNOWN"
    orphan = image(b"{}", b"never pushed")
    refused = registry.ask("PUT", f"{repository}/manifests/v1", orphan, Content_Type=OCI)
    assert refused.code == "MANIFEST_BLOB_UNKNOWN"


def test_a_wrong_digest_is_refused(person: Person, account: str, repository: str) -> None:
    registry = Registry(person, account)
    begun = registry.ask("POST", f"{repository}/blobs/uploads/", b"")
    where = begun.headers["Location"]
    refused = registry.ask("PUT", f"{where}?digest={digest(b'other')}", b"content")
    assert (refused.status, refused.code) == (400, "DIGEST_INVALID")


def test_a_wrong_token_is_refused(person: Person, account: str, repository: str) -> None:
    registry = Registry(person, account)
    registry.token = base64.b64encode(b"AWS:wrong").decode()
    refused = registry.ask("GET", f"{repository}/manifests/v1")
    assert (refused.status, refused.code) == (401, "UNAUTHORIZED")


def test_immutable_tags_stay(person: Person, account: str, repository: str) -> None:
    person.client("ecr").put_image_tag_mutability(
        repositoryName=repository, imageTagMutability="IMMUTABLE"
    )
    registry = Registry(person, account)
    assert registry.push(repository, "v1")[1].status == 201
    assert registry.push(repository, "v1")[1].status == 201
    assert registry.push(repository, "v1", b"another layer")[1].code == "TAG_INVALID"
    assert registry.push(repository, "v2", b"another layer")[1].status == 201


def test_a_layer_is_mounted_from_another_repository(
    person: Person, account: str, repository: str, unique: Callable[[str], str]
) -> None:
    registry, other = Registry(person, account), unique("images/other")
    person.client("ecr").create_repository(repositoryName=other)
    registry.push(repository, "v1")
    layer = digest(b"layer of the image")
    mounted = registry.ask("POST", f"{other}/blobs/uploads/?mount={layer}&from={repository}", b"")
    assert mounted.status == 201
    assert registry.ask("HEAD", f"{other}/blobs/{layer}").status == 200
    begun = registry.ask(
        "POST", f"{other}/blobs/uploads/?mount={digest(b'x')}&from={repository}", b""
    )
    assert begun.status == 202


def test_a_reader_pulls_and_cannot_push(
    person: Person,
    account: str,
    repository: str,
    someone: Callable[..., Person],
    unique: Callable[[str], str],
) -> None:
    Registry(person, account).push(repository, "v1")
    pull = ("ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
    reader = Registry(someone(unique("reader"), allow(*pull)), account)
    assert reader.ask("GET", f"{repository}/manifests/v1").status == 200
    refused = reader.push(repository, "v2")[1]
    assert (refused.status, refused.code) == (403, "DENIED")


def test_another_account_pulls_by_the_repository_policy(
    local_aws: Any,
    person: Person,
    account: str,
    repository: str,
    unique: Callable[[str], str],
) -> None:
    Registry(person, account).push(repository, "v1")
    other = local_aws.account("code-other")
    pull = ("ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
    arn = local_aws.role(other, unique("puller"), allow(*pull))
    puller = Registry(Person(local_aws.assume(arn), person.endpoint, person.home), account)
    assert puller.ask("GET", f"{repository}/manifests/v1").status == 403
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": arn},
        "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    }
    person.client("ecr").set_repository_policy(
        repositoryName=repository,
        policyText=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    assert puller.ask("GET", f"{repository}/manifests/v1").status == 200


def test_lifecycle_rules_let_old_images_go(person: Person, account: str, repository: str) -> None:
    rule = {
        "rulePriority": 1,
        "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 2},
        "action": {"type": "expire"},
    }
    client = person.client("ecr")
    client.put_lifecycle_policy(
        repositoryName=repository, lifecyclePolicyText=json.dumps({"rules": [rule]})
    )
    registry = Registry(person, account)
    for number in range(3):
        registry.push(repository, f"v{number}", f"layer {number}".encode())
    tags = {
        one.get("imageTag") for one in client.list_images(repositoryName=repository)["imageIds"]
    }
    assert tags == {"v1", "v2"}


def test_a_repository_with_images_is_deleted_only_by_force(
    person: Person, account: str, repository: str
) -> None:
    client = person.client("ecr")
    pushed, _ = Registry(person, account).push(repository, "v1")
    with pytest.raises(client.exceptions.RepositoryNotEmptyException):
        client.delete_repository(repositoryName=repository)
    gone = client.batch_delete_image(repositoryName=repository, imageIds=[{"imageDigest": pushed}])
    assert gone["imageIds"] == [{"imageDigest": pushed, "imageTag": "v1"}]
    client.delete_repository(repositoryName=repository)
    with pytest.raises(ClientError) as caught:
        client.describe_images(repositoryName=repository)
    assert caught.value.response["Error"]["Code"] == "RepositoryNotFoundException"
