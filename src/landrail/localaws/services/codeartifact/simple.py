"""The PyPI side of a repository: the simple index of PEP 503, its files, and uploads by twine."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace

from werkzeug.wrappers import Request, Response

from landrail.localaws.api import ApiError, Caller, Platform, arrived_from
from landrail.localaws.services.codeartifact.packages import Packages, normal
from landrail.localaws.services.codeartifact.repositories import PREFIX, Record, Repositories
from landrail.localaws.services.codeartifact.tokens import Tokens

_PATH = re.compile(
    re.escape(PREFIX) + r"(?P<domain>[a-z0-9-]+)-(?P<owner>\d{12})/(?P<region>[a-z0-9-]+)/pypi/"
    r"(?P<repository>[^/]+)(?:/(?P<rest>.*))?"
)
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+!\-]*\.(whl|tar\.gz|zip)")


@dataclass(frozen=True, slots=True)
class _Visit:
    caller: Caller
    owner: str
    region: str
    domain: str
    name: str

    @property
    def arn(self) -> str:
        return self._arn(f"repository/{self.domain}/{self.name}")

    def package(self, name: str) -> str:
        """The ARN of a package; PyPI has no namespaces, so that part is empty."""
        return self._arn(f"package/{self.domain}/{self.name}/pypi//{name}")

    def _arn(self, rest: str) -> str:
        return f"arn:aws:codeartifact:{self.region}:{self.owner}:{rest}"


class Simple:
    """The door of the repositories."""

    def __init__(
        self, platform: Platform, tokens: Tokens, repositories: Repositories, packages: Packages
    ) -> None:
        self._platform = platform
        self._tokens = tokens
        self._repositories = repositories
        self._packages = packages

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        try:
            return self._answer(request)
        except ApiError as error:
            status = error.status if error.status in (401, 404, 409) else 403
            status = 400 if error.code == "ValidationException" else status
            response = Response(f"{error.message}\n", status, mimetype="text/plain")
            if status == 401:
                response.headers["WWW-Authenticate"] = 'Basic realm="CodeArtifact"'
            return response

    def _answer(self, request: Request) -> Response:
        path = _PATH.fullmatch(request.path)
        if path is None:
            raise ApiError("NotFound", "There is no package repository at this address.", 404)
        owner, region, domain = path["owner"], path["region"], path["domain"]
        given = request.authorization
        password = given.password if given and given.type == "basic" else None
        domain_arn = f"arn:aws:codeartifact:{region}:{owner}:domain/{domain}"
        caller = self._tokens.caller(password or "", domain_arn)
        caller = replace(caller, origin=arrived_from(request))
        visit = _Visit(caller, owner, region, domain, path["repository"])
        rest = path["rest"] or ""
        if request.method == "POST" and rest in ("", "legacy/"):
            return self._upload(request, visit)
        if request.method not in ("GET", "HEAD"):
            raise ApiError("NotFound", f"{request.method} is not spoken here.", 404)
        self._may(visit, "ReadFromRepository", visit.arn)
        return self._read(self._repository(visit), rest)

    def _read(self, repository: Record, rest: str) -> Response:
        words = rest.rstrip("/").split("/")
        if words == ["simple"]:
            names = self._packages.names(repository)
            return _page([f'<a href="{name}/">{name}</a>' for name in names])
        if len(words) == 2 and words[0] == "simple":
            return self._index(repository, words[1])
        if len(words) == 4 and words[0] == "simple":
            return self._file(repository, *words[1:])
        raise ApiError("NotFound", "There is no such page.", 404)

    def _index(self, repository: Record, name: str) -> Response:
        versions = self._packages.versions(repository, name)
        links = []
        for record in versions:
            if record["status"] != "Published":
                continue
            python = record["requires_python"]
            more = f' data-requires-python="{html.escape(python)}"' if python else ""
            for file, asset in record["assets"].items():
                href = f"{record['version']}/{file}#sha256={asset['sha256']}"
                links.append(f'<a href="{html.escape(href)}"{more}>{html.escape(file)}</a>')
        if not versions:
            raise ApiError("NotFound", f"There is no package {name}.", 404)
        return _page(links)

    def _file(self, repository: Record, name: str, version: str, file: str) -> Response:
        for record in self._packages.versions(repository, name):
            available = record["status"] in ("Published", "Unlisted")
            if record["version"] == version and file in record["assets"] and available:
                content = self._packages.blobs.get(record["assets"][file]["sha256"])
                return Response(content, mimetype="application/octet-stream")
        raise ApiError("NotFound", f"There is no file {file}.", 404)

    def _upload(self, request: Request, visit: _Visit) -> Response:
        form, file = request.form, request.files.get("content")
        if form.get(":action") != "file_upload" or file is None:
            raise ApiError("ValidationException", "The upload is not one of twine's.")
        name, version, filename = form.get("name"), form.get("version"), file.filename or ""
        if not name or not version or not _FILE.fullmatch(filename):
            raise ApiError("ValidationException", "The upload lacks name, version or file name.")
        self._may(visit, "PublishPackageVersion", visit.package(normal(name)))
        metadata = {key: str(form[key]) for key in form}
        self._packages.publish(self._repository(visit), metadata, filename, file.read())
        return Response(status=200)

    def _repository(self, visit: _Visit) -> Record:
        found = self._repositories.find(visit.owner, visit.region, visit.domain, visit.name)
        if found is None:
            raise ApiError("NotFound", f"There is no repository {visit.name}.", 404)
        return found

    def _may(self, visit: _Visit, action: str, arn: str) -> None:
        self._platform.authorize(
            visit.caller,
            f"codeartifact:{action}",
            arn,
            account=visit.owner,
            region=visit.region,
        )


def _page(links: list[str]) -> Response:
    body = "<br/>\n".join(links)
    text = f"<!DOCTYPE html>\n<html><head><title>Links</title></head><body>\n{body}\n</body></html>"
    return Response(text, mimetype="text/html")
