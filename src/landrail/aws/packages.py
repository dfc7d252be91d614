"""A CodeArtifact repository as an index of Python packages: where it is, and publishing a wheel."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import urllib3

from landrail.aws.builds import BuildSession
from landrail.diagnostics import Diagnostic, Mistakes

_CONFLICT = 409


def index_of(build: BuildSession, *, domain: str, owner: str, repository: str) -> tuple[str, str]:
    """Return the URL of a repository for Python packages, and a token for it."""
    codeartifact = build.client("codeartifact")
    place = {"domain": domain, "domainOwner": owner}
    token = codeartifact.get_authorization_token(**place)["authorizationToken"]
    url = codeartifact.get_repository_endpoint(**place, repository=repository, format="pypi")
    return str(url["repositoryEndpoint"]), str(token)


def publish_wheel(
    build: BuildSession, wheel: Path, *, domain: str, owner: str, repository: str
) -> None:
    """Upload a wheel; one that is already there stays as it is. Raises Mistakes where that one has
    other contents, and with the repository's answer where it refuses."""
    url, token = index_of(build, domain=domain, owner=owner, repository=repository)
    name, version = wheel.name.split("-")[:2]
    body = wheel.read_bytes()
    answer = urllib3.PoolManager().request(
        "POST",
        url,
        headers=urllib3.make_headers(basic_auth=f"aws:{token}"),
        fields={
            ":action": "file_upload",
            "protocol_version": "1",
            "metadata_version": "2.1",
            "name": name,
            "version": version,
            "filetype": "bdist_wheel",
            "pyversion": "py3",
            "sha256_digest": hashlib.sha256(body).hexdigest(),
            "content": (wheel.name, body, "application/octet-stream"),
        },
        redirect=False,
    )
    if answer.status == _CONFLICT:
        place = {"domain": domain, "domainOwner": owner, "repository": repository}
        _check_same(build.client("codeartifact"), place, name, version, wheel)
    elif answer.status >= 400:
        raise Mistakes(
            [
                Diagnostic(
                    f"the package repository `{repository}` refused {wheel.name}: "
                    f"{answer.status} {answer.data[:200].decode(errors='replace')}"
                )
            ]
        )


def _check_same(
    codeartifact: Any, place: Mapping[str, str], name: str, version: str, wheel: Path
) -> None:
    """Raise Mistakes where the wheel that is there is another under the same name."""
    assets = codeartifact.list_package_version_assets(
        **place, format="pypi", package=name.replace("_", "-").lower(), packageVersion=version
    )["assets"]
    there = {asset["name"]: asset["hashes"].get("SHA-256") for asset in assets}
    mine = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if there.get(wheel.name) != mine:
        raise Mistakes(
            [
                Diagnostic(
                    f"{wheel.name} is published already with other contents: sha256 "
                    f"{there.get(wheel.name)}, and this one has {mine}",
                    "a published package never changes; push a new commit, which names another",
                )
            ]
        )
