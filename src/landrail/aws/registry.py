"""Images to and from a container registry, by the OCI distribution API.

Authentication is `ecr:GetAuthorizationToken` of the session that is given; what may then be pushed
and pulled the registry decides. Where the session's endpoint is the local AWS, connections go to
it under the registry's name. No image is built here and none is run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from landrail.aws.transport import Answer, Transport, join
from landrail.images import Base, Descriptor, Image, ImageError, Layer
from landrail.images.image import FAMILIES, digest_of

_TAKEN = "cannot be overwritten"
_FORBIDDEN = 403
"""What ECR says of a tag that never moves and names another image."""
_REFERENCE = re.compile(
    r"(?P<host>[a-z0-9.-]+(?::[0-9]+)?)/(?P<name>[a-z0-9]+(?:[._/-][a-z0-9]+)*)"
    r"(?::(?P<tag>[\w][\w.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
_INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)


@dataclass(frozen=True, slots=True)
class Reference:
    """An image's name: `HOST/NAME`, and a tag or a digest."""

    host: str
    name: str
    tag: str | None = None
    digest: str | None = None

    @classmethod
    def parse(cls, text: str) -> Reference:
        """Read `HOST/NAME[:TAG][@DIGEST]`; raises ImageError."""
        match = _REFERENCE.fullmatch(text)
        if match is None:
            raise ImageError(f"`{text}` is not an image: write HOST/NAME:TAG or HOST/NAME@sha256:…")
        return cls(match["host"], match["name"], match["tag"], match["digest"])

    @property
    def version(self) -> str:
        """What the registry is asked for."""
        return self.digest or self.tag or "latest"


class Registry:
    """One registry host, entered with an ECR client's authorization."""

    def __init__(self, ecr: Any, host: str) -> None:
        """Use boto3's `ecr` client for the token; its endpoint says where the registry is."""
        self._host = host
        data = ecr.get_authorization_token()["authorizationData"][0]
        self._transport = Transport(
            host, f"Basic {data['authorizationToken']}", str(ecr.meta.endpoint_url)
        )

    @property
    def host(self) -> str:
        """The registry's name, the first part of its images' URIs."""
        return self._host

    def push(self, image: Image, name: str, *, tag: str | None = None) -> str:
        """Put an image into a repository and return its URI by digest. Where tags never move, one
        that is another image's stays there: a commit that is built anew on a newer base.

        Layers that are there already are not sent again; those of a base in another repository of
        this registry are mounted. Raises ImageError with the registry's answer.
        """
        for layer in image.layers:
            self._layer(name, layer)
        self._blob(name, image.config_digest, image.config)
        self._put_manifest(name, image.digest, image)
        if tag is not None:
            self._tag(name, tag, image)
        return f"{self._host}/{name}@{image.digest}"

    def base(self, reference: Reference) -> Base:
        """Return the image of a repository as a base to build on; an index gives its linux/amd64
        member. The layers stay in the registry, or come along if it is another one."""
        self._must_be_here(reference)
        manifest, kind = self._manifest(reference)
        if kind not in FAMILIES:
            raise ImageError(f"a manifest of type {kind} cannot be built on")
        config = json.loads(self._content(reference.name, manifest["config"]["digest"]))
        settings = config.get("config") or {}
        layers = tuple(
            Layer(Descriptor(item["mediaType"], item["digest"], item["size"]), diff_id)
            for item, diff_id in zip(manifest["layers"], config["rootfs"]["diff_ids"], strict=True)
        )
        return Base(
            name=f"{reference.host}/{reference.name}",
            layers=layers,
            env=dict(entry.split("=", 1) for entry in settings.get("Env") or ()),
            labels=settings.get("Labels") or {},
            architecture=config["architecture"],
            system=config["os"],
            user=settings.get("User") or "",
            manifest_type=kind,
        )

    def with_content(self, base: Base, name: str) -> Base:
        """Return a base with its layers fetched, to be pushed to another registry."""
        layers = tuple(
            Layer(item.descriptor, item.diff_id, self._content(name, item.descriptor.digest))
            for item in base.layers
        )
        return replace(base, layers=layers)

    def mount(self, name: str, base: Base) -> Base:
        """Make a base's layers, of a repository of this registry, be there in another one: mounted
        where the registry does that, else fetched. Return the base to build on."""
        source = base.name.removeprefix(f"{self._host}/")
        layers = []
        for layer in base.layers:
            digest = layer.descriptor.digest
            content = None
            if not self._has(name, digest) and not self._mounted(name, digest, source):
                content = self._content(source, digest)
            layers.append(Layer(layer.descriptor, layer.diff_id, content))
        return replace(base, layers=tuple(layers))

    def pull(self, reference: Reference) -> Image:
        """Fetch a whole image, every blob checked against its digest."""
        self._must_be_here(reference)
        answer = self._get_manifest(reference.name, reference.version)
        manifest = json.loads(answer.body)
        if answer.kind not in FAMILIES:
            raise ImageError(f"a manifest of type {answer.kind} is not one image")
        config = self._content(reference.name, manifest["config"]["digest"])
        diff_ids = json.loads(config)["rootfs"]["diff_ids"]
        layers = tuple(
            Layer(
                Descriptor(item["mediaType"], item["digest"], item["size"]),
                diff_id,
                self._content(reference.name, item["digest"]),
            )
            for item, diff_id in zip(manifest["layers"], diff_ids, strict=True)
        )
        return Image(answer.body, answer.kind, config, layers)

    def _must_be_here(self, reference: Reference) -> None:
        if reference.host != self._host:
            raise ImageError(
                f"`{reference.host}/{reference.name}` is not in the registry {self._host}: "
                "copy the base image there first"
            )

    def _manifest(self, reference: Reference) -> tuple[dict[str, Any], str]:
        answer = self._get_manifest(reference.name, reference.version)
        manifest: dict[str, Any] = json.loads(answer.body)
        if answer.kind not in _INDEXES:
            return manifest, answer.kind
        for item in manifest["manifests"]:
            machine = item.get("platform", {})
            if (machine.get("os"), machine.get("architecture")) == ("linux", "amd64"):
                return self._manifest(
                    Reference(reference.host, reference.name, digest=item["digest"])
                )
        raise ImageError(f"{reference.name} has no image for linux/amd64")

    def _get_manifest(self, name: str, version: str) -> Answer:
        kinds = ", ".join([*FAMILIES, *_INDEXES])
        answer = self._ask("GET", f"/v2/{name}/manifests/{version}", (200,), {"Accept": kinds})
        if version.startswith("sha256:") and digest_of(answer.body) != version:
            raise ImageError(f"the registry answered another manifest than {version}")
        return answer

    def _content(self, name: str, digest: str) -> bytes:
        body = self._ask("GET", f"/v2/{name}/blobs/{digest}", (200,)).body
        if digest_of(body) != digest:
            raise ImageError(f"the registry's blob {digest} is damaged")
        return body

    def _layer(self, name: str, layer: Layer) -> None:
        if layer.content is not None:
            self._blob(name, layer.descriptor.digest, layer.content)
        elif not self._has(name, layer.descriptor.digest):
            raise ImageError(
                f"the base's layer {layer.descriptor.digest} is not in {self._host}/{name}: "
                "fetch the base with its layers first"
            )

    def _has(self, name: str, digest: str) -> bool:
        return self._ask("HEAD", f"/v2/{name}/blobs/{digest}", (200, 404)).status == 200

    def _mounted(self, name: str, digest: str, source: str) -> bool:
        path = f"/v2/{name}/blobs/uploads/?mount={digest}&from={source}"
        return self._ask("POST", path, (201, 202)).status == 201

    def _blob(self, name: str, digest: str, content: bytes) -> None:
        if self._has(name, digest):
            return
        begun = self._ask("POST", f"/v2/{name}/blobs/uploads/", (202,))
        sent = self._ask(
            "PATCH",
            begun.location,
            (202,),
            {"Content-Type": "application/octet-stream"},
            content,
        )
        self._ask("PUT", join(sent.location or begun.location, f"digest={digest}"), (201,))

    def _put_manifest(self, name: str, version: str, image: Image) -> None:
        self._ask(
            "PUT",
            f"/v2/{name}/manifests/{version}",
            (200, 201),
            {"Content-Type": image.manifest_type},
            image.manifest,
        )

    def _tag(self, name: str, tag: str, image: Image) -> None:
        path, headers = f"/v2/{name}/manifests/{tag}", {"Content-Type": image.manifest_type}
        answer = self._transport.ask("PUT", path, headers, image.manifest)
        if answer.status == 400 and any(_TAKEN in reason for reason in _reasons(answer)):
            return
        self._check(answer, "PUT", path, (200, 201))

    def _ask(
        self,
        method: str,
        path: str,
        wanted: tuple[int, ...],
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        answer = self._transport.ask(method, path, headers or {}, body)
        self._check(answer, method, path, wanted)
        return answer

    def _check(self, answer: Answer, method: str, path: str, wanted: tuple[int, ...]) -> None:
        if answer.status not in wanted:
            silent = method == "HEAD" and answer.status == _FORBIDDEN
            raise ImageError(
                f"{self._host} refused {method} {path.split('?')[0]} with {answer.status}: "
                + "; ".join(_denied(path) if silent else _reasons(answer))
            )


def _denied(path: str) -> Iterator[str]:
    """What ECR's answer to a HEAD has no body to say."""
    action = "BatchCheckLayerAvailability" if "/blobs/" in path else "BatchGetImage"
    yield f"not authorized to perform: ecr:{action}"


def _reasons(answer: Answer) -> Iterator[str]:
    try:
        errors = json.loads(answer.body)["errors"]
    except (ValueError, KeyError, TypeError):
        yield answer.body[:300].decode("utf-8", "replace") or "no reason given"
        return
    for error in errors:
        yield f"{error.get('code')}: {error.get('message')}"
