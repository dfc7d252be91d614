"""ORAS, from an environment of its own, against ECR: images pushed by tag come back by digest."""

from __future__ import annotations

import base64
import os
import subprocess
from pathlib import Path

import pytest

from tests.clients.clients_world import ROOT, Person, World

pytestmark = pytest.mark.xdist_group("clients")

_SCRIPT = Path(__file__).with_name("oras_client.py")
NAME = "clients/model"
PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability")


@pytest.fixture(scope="module")
def python() -> str:
    """The Python that ORAS is installed for."""
    found = ROOT / ".venv-oras/bin/python"
    if not found.exists():
        assert "CI" not in os.environ, "`make test` installs oras"
        pytest.skip("oras is not installed: `make .venv-oras/.done`")
    return str(found)


@pytest.fixture(scope="module")
def registry(admin: Person) -> str:
    """The host of the account's registry, which has the repository."""
    admin.aws("ecr", "create-repository", "--repository-name", NAME)
    return f"{admin.account}.dkr.ecr.eu-west-1.amazonaws.com"


@pytest.fixture(scope="module")
def puller(world: World, admin: Person) -> Person:
    """Who may pull, and no more."""
    arn = f"arn:aws:ecr:*:{admin.account}:repository/{NAME}"
    return world.role(
        "workload",
        "puller",
        {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
        {"Effect": "Allow", "Action": list(PULL), "Resource": arn},
    )


def _oras(
    python: str, person: Person, verb: str, target: str, place: Path
) -> subprocess.CompletedProcess[str]:
    answer = person.aws("ecr", "get-authorization-token")["authorizationData"][0]
    password = base64.b64decode(answer["authorizationToken"]).decode().partition(":")[2]
    return person.start(
        *(python, str(_SCRIPT), verb, target, str(place)), ok=False, env={"ORAS_PASSWORD": password}
    )


def _digest(person: Person, tag: str) -> str:
    found = person.aws(
        *("ecr", "describe-images", "--repository-name", NAME, "--image-ids", f"imageTag={tag}")
    )
    return str(found["imageDetails"][0]["imageDigest"])


def test_what_was_pushed_is_pulled_by_its_digest(
    python: str, admin: Person, puller: Person, registry: str, tmp_path: Path
) -> None:
    file = tmp_path / "model.txt"
    file.write_text("the first")
    pushed = _oras(python, admin, "push", f"{registry}/{NAME}:one", file)
    assert pushed.returncode == 0, pushed.stderr
    first = _digest(admin, "one")
    file.write_text("the second")
    assert _oras(python, admin, "push", f"{registry}/{NAME}:one", file).returncode == 0
    assert _digest(admin, "one") != first
    pulled = _oras(python, puller, "pull", f"{registry}/{NAME}@{first}", tmp_path / "out")
    assert pulled.returncode == 0, pulled.stderr
    assert (tmp_path / "out/model.txt").read_text() == "the first"


def test_who_may_only_pull_does_not_push(
    python: str, admin: Person, puller: Person, registry: str, tmp_path: Path
) -> None:
    file = tmp_path / "model.txt"
    file.write_text("another")
    refused = _oras(python, puller, "push", f"{registry}/{NAME}:two", file)
    assert refused.returncode != 0
    assert "ecr:InitiateLayerUpload" in refused.stderr
    assert _oras(python, admin, "push", f"{registry}/{NAME}:two", file).returncode == 0
