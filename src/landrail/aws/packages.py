"""Publishing a wheel to a CodeArtifact repository by the upload protocol of the Python index."""

from __future__ import annotations

import hashlib
from pathlib import Path

import urllib3

from landrail.aws.builds import BuildSession
from landrail.diagnostics import Diagnostic, Mistakes

_CONFLICT = 409


def publish_wheel(
    build: BuildSession, wheel: Path, *, domain: str, owner: str, repository: str
) -> None:
    """Upload a wheel; one that is already there stays as it is. Raises Mistakes with the
    repository's answer where it refuses."""
    codeartifact = build.client("codeartifact")
    place = {"domain": domain, "domainOwner": owner}
    token = codeartifact.get_authorization_token(**place)["authorizationToken"]
    url = codeartifact.get_repository_endpoint(**place, repository=repository, format="pypi")
    name, version = wheel.name.split("-")[:2]
    body = wheel.read_bytes()
    answer = urllib3.PoolManager().request(
        "POST",
        url["repositoryEndpoint"],
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
    if answer.status >= 400 and answer.status != _CONFLICT:
        raise Mistakes(
            [
                Diagnostic(
                    f"the package repository `{repository}` refused {wheel.name}: "
                    f"{answer.status} {answer.data[:200].decode(errors='replace')}"
                )
            ]
        )
