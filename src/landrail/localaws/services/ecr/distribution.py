"""The OCI distribution API at `/v2/`: pull and push, each step authorized as ECR does.

The registry's name is the Host, or, on the loopback, the first part of the path.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import IO

from werkzeug.wrappers import Request, Response

from landrail.localaws.api import ApiError, Caller, Platform, arrived_from
from landrail.localaws.services.ecr.images import Images
from landrail.localaws.services.ecr.lifecycle import Lifecycle
from landrail.localaws.services.ecr.repositories import Record, Repositories
from landrail.localaws.services.ecr.tokens import Tokens
from landrail.localaws.services.ecr.uploads import DIGEST, Uploads

PREFIX = "/v2/"
CHUNK = 1 << 18
_HOST = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(:\d+)?")
_PATH = re.compile(
    r"(?P<name>.+)/(?:(?P<kind>manifests|blobs)/(?P<reference>[^/]+)"
    r"|blobs/uploads/(?P<upload>[^/]*)|(?P<tags>tags/list))"
)
# OCI's codes and statuses for the errors of the API.
_CODES = {
    "RepositoryNotFoundException": ("NAME_UNKNOWN", 404),
    "UploadNotFoundException": ("BLOB_UPLOAD_UNKNOWN", 404),
    "InvalidLayerException": ("DIGEST_INVALID", 400),
    "InvalidLayerPartException": ("BLOB_UPLOAD_INVALID", 416),
    "LayersNotFoundException": ("MANIFEST_BLOB_UNKNOWN", 400),
    "ReferencedImagesNotFoundException": ("MANIFEST_BLOB_UNKNOWN", 400),
    "InvalidParameterException": ("MANIFEST_INVALID", 400),
    "ImageTagAlreadyExistsException": ("TAG_INVALID", 400),
    "UNAUTHORIZED": ("UNAUTHORIZED", 401),
    "MANIFEST_UNKNOWN": ("MANIFEST_UNKNOWN", 404),
    "BLOB_UNKNOWN": ("BLOB_UNKNOWN", 404),
    "UNSUPPORTED": ("UNSUPPORTED", 405),
}


@dataclass(frozen=True, slots=True)
class _Place:
    """The registry a request is for, and the rest of its path."""

    account: str
    region: str
    rest: str
    base: str


class Distribution:
    """The door of the distribution API."""

    def __init__(
        self,
        platform: Platform,
        tokens: Tokens,
        repositories: Repositories,
        images: Images,
        uploads: Uploads,
        lifecycle: Lifecycle,
    ) -> None:
        self._platform = platform
        self._tokens = tokens
        self._repositories = repositories
        self._images = images
        self._uploads = uploads
        self._lifecycle = lifecycle

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        try:
            response = self._answer(request)
        except ApiError as error:
            response = _refused(request, error)
        response.headers["Docker-Distribution-Api-Version"] = "registry/2.0"
        return response

    def _answer(self, request: Request) -> Response:
        given = request.authorization
        if given is None or given.type != "basic" or given.username != "AWS":
            raise ApiError("UNAUTHORIZED", "Not Authorized", 401)
        caller = self._tokens.caller(given.password or "")
        caller = replace(caller, origin=arrived_from(request))
        if request.path == PREFIX:
            return Response("{}", mimetype="application/json")
        place = _place(request)
        found = _PATH.fullmatch(place.rest)
        if found is None:
            raise ApiError("UNSUPPORTED", f"{request.path} is not part of the registry", 405)
        step = _Step(self._platform, caller, place, found["name"])
        if found["kind"] == "manifests":
            return self._manifest(request, step, found["reference"])
        if found["tags"]:
            return self._tags(step)
        if found["kind"] == "blobs" and found["reference"] != "uploads":
            return self._blob(request, step, found["reference"])
        return self._upload(request, step, found["upload"] or "")

    def _manifest(self, request: Request, step: _Step, reference: str) -> Response:
        if request.method == "PUT":
            return self._put_manifest(request, step, reference)
        if request.method not in ("GET", "HEAD"):
            raise ApiError("UNSUPPORTED", "Images are deleted by ecr:BatchDeleteImage", 405)
        step.may("BatchGetImage")
        image = self._images.find(self._repository(step), reference)
        if image is None:
            raise ApiError("MANIFEST_UNKNOWN", f"Requested image not found: {reference}", 404)
        response = Response(image["manifest"], content_type=image["media_type"])
        response.headers["Docker-Content-Digest"] = image["digest"]
        return response

    def _put_manifest(self, request: Request, step: _Step, reference: str) -> Response:
        step.may("PutImage")
        repository, body = self._repository(step), request.get_data()
        by_digest = ":" in reference
        kind = (request.headers.get("Content-Type") or "").split(";")[0] or None
        if by_digest and reference != _digest(body):
            raise ApiError("InvalidLayerException", "The digest is not that of the manifest")
        image = self._images.put(repository, body, kind, None if by_digest else reference)
        self._lifecycle.apply(repository)
        return Response(
            status=201,
            headers={
                "Location": f"{step.base}/manifests/{image['digest']}",
                "Docker-Content-Digest": image["digest"],
            },
        )

    def _tags(self, step: _Step) -> Response:
        step.may("ListImages")
        tags = sorted(self._images.tags(self._repository(step)))
        body = json.dumps({"name": step.name, "tags": tags})
        return Response(body, mimetype="application/json")

    def _blob(self, request: Request, step: _Step, digest: str) -> Response:
        if request.method not in ("GET", "HEAD"):
            raise ApiError("UNSUPPORTED", "Layers are deleted with their images", 405)
        head = request.method == "HEAD"
        step.may("BatchCheckLayerAvailability" if head else "GetDownloadUrlForLayer")
        layer = self._images.layer(self._repository(step), digest) if _is_digest(digest) else None
        if layer is None:
            raise ApiError("BLOB_UNKNOWN", f"Blob {digest} is unknown to the registry", 404)
        path = self._images.blobs.path(digest.removeprefix("sha256:"))
        response = Response(
            None if head else _chunks(path.open("rb")),
            content_type="application/octet-stream",
            direct_passthrough=True,
        )
        response.headers["Content-Length"] = str(layer["size"])
        response.headers["Docker-Content-Digest"] = digest
        return response

    def _upload(self, request: Request, step: _Step, upload: str) -> Response:
        if request.method == "POST":
            return self._begin(request, step)
        repository = self._repository(step)
        if request.method == "PATCH":
            step.may("UploadLayerPart")
            self._append(request, repository, upload)
            return self._under_way(step, repository, upload, 202)
        if request.method == "PUT":
            step.may("CompleteLayerUpload")
            self._append(request, repository, upload)
            return self._complete(request, step, repository, upload)
        if request.method == "GET":
            step.may("InitiateLayerUpload")
            return self._under_way(step, repository, upload, 204)
        if request.method == "DELETE":
            step.may("InitiateLayerUpload")
            self._uploads.cancel(repository["arn"], upload)
            return Response(status=204)
        raise ApiError("UNSUPPORTED", f"{request.method} is not supported", 405)

    def _begin(self, request: Request, step: _Step) -> Response:
        step.may("InitiateLayerUpload")
        repository = self._repository(step)
        mount, source = request.args.get("mount"), request.args.get("from")
        if mount and source and self._mount(step, repository, mount, source):
            return _made(step, mount)
        upload = self._uploads.begin(repository["arn"])
        digest = request.args.get("digest")
        if digest:
            step.may("CompleteLayerUpload")
            self._append(request, repository, upload)
            return self._complete(request, step, repository, upload)
        return self._under_way(step, repository, upload, 202)

    def _mount(self, step: _Step, repository: Record, digest: str, source: str) -> bool:
        """Take a layer over from another repository of the registry, where the caller may read."""
        other = self._repositories.find(step.place.account, step.place.region, source)
        if other is None or not _is_digest(digest) or self._images.layer(other, digest) is None:
            return False
        try:
            step.may("GetDownloadUrlForLayer", source)
        except ApiError:
            return False
        self._images.add_layer(repository, digest)
        return True

    def _append(self, request: Request, repository: Record, upload: str) -> None:
        spans = re.fullmatch(
            r"(?:bytes )?(\d+)-\d+(?:/.*)?", request.headers.get("Content-Range", "")
        )
        first = int(spans[1]) if spans else None
        chunks = iter(lambda: request.stream.read(CHUNK), b"")
        self._uploads.append(repository["arn"], upload, chunks, first)

    def _complete(self, request: Request, step: _Step, repository: Record, upload: str) -> Response:
        digest = request.args.get("digest", "")
        self._uploads.complete(repository["arn"], upload, digest)
        self._images.add_layer(repository, digest)
        return _made(step, digest)

    def _under_way(self, step: _Step, repository: Record, upload: str, status: int) -> Response:
        size = self._uploads.size(repository["arn"], upload)
        return Response(
            status=status,
            headers={
                "Location": f"{step.base}/blobs/uploads/{upload}",
                "Docker-Upload-UUID": upload,
                "Range": f"0-{max(size - 1, 0)}",
            },
        )

    def _repository(self, step: _Step) -> Record:
        return self._repositories.need(step.place.account, step.place.region, step.name)


@dataclass(frozen=True, slots=True)
class _Step:
    """Who does something to which repository."""

    platform: Platform
    caller: Caller
    place: _Place
    name: str

    @property
    def base(self) -> str:
        """The path of the repository as the client writes it."""
        return f"{self.place.base}{self.name}"

    def may(self, action: str, name: str | None = None) -> None:
        """Raise ApiError unless the caller may do this to the repository."""
        account, region = self.place.account, self.place.region
        arn = f"arn:aws:ecr:{region}:{account}:repository/{name or self.name}"
        self.platform.authorize(self.caller, f"ecr:{action}", arn, account=account, region=region)


def _place(request: Request) -> _Place:
    rest = request.path.removeprefix(PREFIX)
    host = _HOST.fullmatch(request.host)
    if host is not None:
        return _Place(host[1], host[2], rest, PREFIX)
    first, _, rest = rest.partition("/")
    named = _HOST.fullmatch(first)
    if named is None:
        message = (
            "name the registry: ACCOUNT.dkr.ecr.REGION.amazonaws.com as Host or first in the path"
        )
        raise ApiError("RepositoryNotFoundException", message)
    return _Place(named[1], named[2], rest, f"{PREFIX}{first}/")


def _refused(request: Request, error: ApiError) -> Response:
    code, status = _CODES.get(error.code, ("DENIED", 403))
    body = json.dumps({"errors": [{"code": code, "message": error.message}]})
    response = Response(body, status, mimetype="application/json")
    if status == 401:
        realm = f"{request.scheme}://{request.host}/"
        response.headers["WWW-Authenticate"] = f'Basic realm="{realm}",service="ecr.amazonaws.com"'
    return response


def _made(step: _Step, digest: str) -> Response:
    location = f"{step.base}/blobs/{digest}"
    return Response(status=201, headers={"Location": location, "Docker-Content-Digest": digest})


def _is_digest(text: str) -> bool:
    return DIGEST.fullmatch(text) is not None


def _digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
