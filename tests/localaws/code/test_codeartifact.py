"""CodeArtifact through its public doors: boto3, pip, and uploads as twine makes them."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import sys
import urllib.error
import urllib.request
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from code_people import Person, allow


def wheel(name: str, version: str, word: str = "hello") -> tuple[str, bytes]:
    """A wheel with one module that says a word."""
    out, info = io.BytesIO(), f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"WORD = {word!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(out, "w") as archive:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(path, text)
    return f"{name}-{version}-py3-none-any.whl", out.getvalue()


@dataclass
class Shelf:
    """A repository as somebody sees it."""

    person: Person
    owner: str
    domain: str
    repository: str

    def __post_init__(self) -> None:
        client, place = self.person.client("codeartifact"), self.place
        where = {"domain": self.domain, "domainOwner": self.owner}
        self.token = client.get_authorization_token(**where)["authorizationToken"]
        self.endpoint = str(
            client.get_repository_endpoint(**place, format="pypi")["repositoryEndpoint"]
        )

    @property
    def place(self) -> dict[str, str]:
        return {
            "domain": self.domain,
            "domainOwner": self.owner,
            "repository": self.repository,
        }

    @property
    def index(self) -> str:
        return f"{self.endpoint}simple/".replace("://", f"://aws:{self.token}@")

    def get(self, path: str) -> tuple[int, bytes]:
        return self._send(urllib.request.Request(f"{self.endpoint}{path}"))

    def upload(self, name: str, version: str, word: str = "hello") -> int:
        filename, content = wheel(name, version, word)
        fields = {
            ":action": "file_upload",
            "name": name,
            "version": version,
            "filetype": "bdist_wheel",
            "sha256_digest": hashlib.sha256(content).hexdigest(),
        }
        line = uuid.uuid4().hex
        head = 'Content-Disposition: form-data; name="'
        parts = [f'--{line}\r\n{head}{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()]
        last = f'--{line}\r\n{head}content"; filename="{filename}"\r\n\r\n'
        body = "".join([*parts, last]).encode() + content + f"\r\n--{line}--\r\n".encode()
        request = urllib.request.Request(self.endpoint, data=body)
        request.add_header("Content-Type", f"multipart/form-data; boundary={line}")
        return self._send(request)[0]

    def install(self, requirement: str) -> Any:
        return self.person.run(
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--no-cache-dir"),
            *("--disable-pip-version-check", "--retries", "0", "--target", "installed"),
            *("--index-url", self.index, requirement),
        )

    def _send(self, request: urllib.request.Request) -> tuple[int, bytes]:
        key = base64.b64encode(f"aws:{self.token}".encode()).decode()
        request.add_header("Authorization", f"Basic {key}")
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()


@pytest.fixture
def shelf(person: Person, account: str, unique: Callable[[str], str]) -> Shelf:
    domain = unique("dom")
    client = person.client("codeartifact")
    client.create_domain(domain=domain)
    client.create_repository(domain=domain, repository="libs")
    return Shelf(person, account, domain, "libs")


def test_pip_installs_what_was_uploaded(shelf: Shelf) -> None:
    assert shelf.upload("land_words", "1.0", "first") == 200
    assert shelf.upload("land_words", "1.1", "second") == 200
    done = shelf.install("land-words")
    assert done.returncode == 0, done.stderr
    assert "second" in (shelf.person.home / "installed" / "land_words.py").read_text()

    client = shelf.person.client("codeartifact")
    packages = client.list_packages(**shelf.place)["packages"]
    assert [one["package"] for one in packages] == ["land-words"]
    what = {"format": "pypi", "package": "land-words"}
    versions = client.list_package_versions(**shelf.place, **what)["versions"]
    assert [one["version"] for one in versions] == ["1.1", "1.0"]
    found = client.describe_package_version(**shelf.place, **what, packageVersion="1.0")
    assert found["packageVersion"]["status"] == "Published"
    client.delete_package_versions(**shelf.place, **what, versions=["1.1"])
    assert b"1.1" not in shelf.get("simple/land-words/")[1]


def test_aws_login_sets_pip_up(shelf: Shelf) -> None:
    shelf.upload("land_words", "1.0")
    login = shelf.person.run(
        *("aws", "codeartifact", "login", "--tool", "pip", "--repository", "libs"),
        *("--domain", shelf.domain, "--domain-owner", shelf.owner),
    )
    assert login.returncode == 0, login.stderr
    done = shelf.person.run(
        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-cache-dir", "land-words"),
        "--disable-pip-version-check",
    )
    assert done.returncode == 0, done.stderr


def test_a_file_is_published_once(shelf: Shelf) -> None:
    assert shelf.upload("land_words", "1.0") == 200
    assert shelf.upload("land_words", "1.0", "other") == 409


def test_a_package_comes_through_an_upstream(shelf: Shelf) -> None:
    shelf.upload("land_words", "1.0")
    client = shelf.person.client("codeartifact")
    client.create_repository(
        domain=shelf.domain, repository="team", upstreams=[{"repositoryName": "libs"}]
    )
    team = Shelf(shelf.person, shelf.owner, shelf.domain, "team")
    status, page = team.get("simple/land-words/")
    assert status == 200
    assert b"land_words-1.0" in page
    assert client.list_packages(**team.place)["packages"] == []


def test_a_wrong_token_is_refused(shelf: Shelf) -> None:
    shelf.token = "wrong"
    assert shelf.get("simple/")[0] == 401


TOKEN = ("codeartifact:GetAuthorizationToken", "sts:GetServiceBearerToken")
READ = (*TOKEN, "codeartifact:GetRepositoryEndpoint", "codeartifact:ReadFromRepository")


def test_a_reader_cannot_publish(
    shelf: Shelf, someone: Callable[..., Person], unique: Callable[[str], str]
) -> None:
    shelf.upload("land_words", "1.0")
    person = someone(unique("reader"), allow(*READ))
    reader = Shelf(person, shelf.owner, shelf.domain, "libs")
    assert reader.get("simple/land-words/")[0] == 200
    assert reader.upload("land_words", "2.0") == 403


def test_another_account_reads_by_both_policies(
    local_aws: Any, shelf: Shelf, unique: Callable[[str], str]
) -> None:
    shelf.upload("land_words", "1.0")
    other = local_aws.account("code-other")
    arn = local_aws.role(other, unique("reader"), allow(*READ))
    principal = {"Effect": "Allow", "Principal": {"AWS": arn}, "Resource": "*"}
    client = shelf.person.client("codeartifact")

    def policy(*actions: str) -> str:
        statement = {**principal, "Action": list(actions)}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    client.put_domain_permissions_policy(
        domain=shelf.domain, policyDocument=policy("codeartifact:GetAuthorizationToken")
    )
    client.put_repository_permissions_policy(
        **shelf.place, policyDocument=policy("codeartifact:GetRepositoryEndpoint")
    )
    person = Person(local_aws.assume(arn), shelf.person.endpoint, shelf.person.home)
    reader = Shelf(person, shelf.owner, shelf.domain, "libs")
    assert reader.get("simple/land-words/")[0] == 403
    client.put_repository_permissions_policy(
        **shelf.place,
        policyDocument=policy(
            "codeartifact:GetRepositoryEndpoint", "codeartifact:ReadFromRepository"
        ),
    )
    assert reader.get("simple/land-words/")[0] == 200
