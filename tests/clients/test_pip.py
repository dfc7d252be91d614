"""pip and twine against CodeArtifact: packages come and go by a token, and by nothing else."""

from __future__ import annotations

import io
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.clients.clients_world import Person, World, program

pytestmark = pytest.mark.xdist_group("clients")

NAMES = ("--domain", "clients", "--repository", "python")


@dataclass(frozen=True)
class Shelf:
    """A repository of Python packages as somebody reaches it."""

    endpoint: str
    token: str

    @property
    def index(self) -> str:
        """The URL of the index, with the token in it as `aws codeartifact login` writes it."""
        return self.endpoint.replace("://", f"://aws:{self.token}@") + "simple/"


def _shelf(person: Person) -> Shelf:
    token = person.aws("codeartifact", "get-authorization-token", "--domain", "clients")
    place = person.aws("codeartifact", "get-repository-endpoint", *NAMES, "--format", "pypi")
    return Shelf(place["repositoryEndpoint"], token["authorizationToken"])


def _wheel(folder: Path, name: str, version: str) -> Path:
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(path, text)
    made = folder / f"{name}-{version}-py3-none-any.whl"
    made.write_bytes(out.getvalue())
    return made


@pytest.fixture(scope="module")
def publisher(world: World, admin: Person) -> Person:
    """Who may publish to the repository, and read from it."""
    admin.aws("codeartifact", "create-domain", "--domain", "clients")
    admin.aws("codeartifact", "create-repository", *NAMES)
    return world.role(
        "workload",
        "publisher",
        {
            "Effect": "Allow",
            "Action": [
                "codeartifact:GetAuthorizationToken",
                "codeartifact:GetRepositoryEndpoint",
                "codeartifact:ReadFromRepository",
                "codeartifact:PublishPackageVersion",
            ],
            "Resource": "*",
        },
        {"Effect": "Allow", "Action": "sts:GetServiceBearerToken", "Resource": "*"},
    )


@pytest.fixture(scope="module")
def installer(world: World, publisher: Person) -> Person:
    """Who may read from the repository, and no more."""
    reads = ["codeartifact:Get*", "codeartifact:ReadFromRepository"]
    return world.role(
        "workload",
        "installer",
        {"Effect": "Allow", "Action": [*reads, "sts:GetServiceBearerToken"], "Resource": "*"},
    )


@pytest.fixture(scope="module")
def twine() -> str:
    return program("twine")


def _upload(twine: str, person: Person, shelf: Shelf, file: Path, ok: bool = True) -> str:
    ended = person.start(
        *(twine, "upload", "--non-interactive", "--disable-progress-bar", str(file)),
        env={
            "TWINE_REPOSITORY_URL": shelf.endpoint,
            "TWINE_USERNAME": "aws",
            "TWINE_PASSWORD": shelf.token,
        },
        ok=ok,
    )
    assert ok or ended.returncode != 0
    return ended.stdout + ended.stderr


def _install(
    person: Person, shelf: Shelf, target: Path, *what: str, ok: bool = True
) -> tuple[int, str]:
    ended = person.start(
        *(sys.executable, "-m", "pip", "install", "-q", "--isolated", "--no-cache-dir"),
        *("--disable-pip-version-check", "--no-input", "--retries", "0", "--target", str(target)),
        *("--index-url", shelf.index, *what),
        ok=ok,
    )
    return ended.returncode, ended.stdout + ended.stderr


def test_what_twine_uploads_pip_installs(
    twine: str, publisher: Person, installer: Person, tmp_path: Path
) -> None:
    shelf = _shelf(publisher)
    for version in ("1.0", "1.1"):
        _upload(twine, publisher, shelf, _wheel(tmp_path, "clients_words", version))
    _install(installer, _shelf(installer), tmp_path / "new", "clients-words")
    assert "1.1" in (tmp_path / "new/clients_words.py").read_text()
    _install(installer, _shelf(installer), tmp_path / "old", "Clients.Words<1.1")
    assert "1.0" in (tmp_path / "old/clients_words.py").read_text()


def test_who_may_read_only_uploads_nothing(
    twine: str, publisher: Person, installer: Person, tmp_path: Path
) -> None:
    file = _wheel(tmp_path, "clients_denied", "1.0")
    said = _upload(twine, installer, _shelf(installer), file, ok=False)
    assert "403" in said
    code, _ = _install(installer, _shelf(installer), tmp_path / "site", "clients-denied", ok=False)
    assert code != 0
    _upload(twine, publisher, _shelf(publisher), file)
    _install(installer, _shelf(installer), tmp_path / "site", "clients-denied")


def test_without_a_token_nothing_is_read(
    publisher: Person, installer: Person, tmp_path: Path
) -> None:
    shelf = _shelf(installer)
    for wrong in (Shelf(shelf.endpoint, "wrong"), Shelf(shelf.endpoint, shelf.token[:-4] + "AAAA")):
        code, said = _install(installer, wrong, tmp_path / "site", "clients-words", ok=False)
        assert code != 0
        assert "401" in said or "403" in said or "No matching distribution" in said
    assert not (tmp_path / "site").exists()


def test_a_token_is_for_who_may_have_one(publisher: Person, reader: Person) -> None:
    del publisher
    said = reader.refused("codeartifact", "get-authorization-token", "--domain", "clients")
    assert "AccessDeniedException" in said
    assert "is not authorized to perform: sts:GetServiceBearerToken" in said


def test_login_of_the_command_line_says_what_it_would_run(publisher: Person) -> None:
    ended = publisher.start("aws", "codeartifact", "login", "--tool", "pip", *NAMES, "--dry-run")
    assert "pip config set global.index-url http://aws:" in ended.stdout
