"""The operations on images and layers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.ecr.images import Images
from landrail.localaws.services.ecr.lifecycle import Lifecycle
from landrail.localaws.services.ecr.repositories import Record, Repositories, paged
from landrail.localaws.services.ecr.uploads import Uploads

PART = 20 * 1024 * 1024


class Content:
    """What is in the repositories, over the API."""

    def __init__(
        self,
        endpoint: str,
        repositories: Repositories,
        images: Images,
        uploads: Uploads,
        lifecycle: Lifecycle,
    ) -> None:
        self._endpoint = endpoint
        self._repositories = repositories
        self._images = images
        self._uploads = uploads
        self._lifecycle = lifecycle

    def operations(self) -> dict[str, Operation]:
        """Return the operations this part answers."""
        return {
            "DescribeImages": self.describe,
            "ListImages": self.list,
            "BatchGetImage": self.batch_get,
            "PutImage": self.put,
            "BatchDeleteImage": self.batch_delete,
            "BatchCheckLayerAvailability": self.check_layers,
            "GetDownloadUrlForLayer": self.download_url,
            "InitiateLayerUpload": self.initiate,
            "UploadLayerPart": self.upload,
            "CompleteLayerUpload": self.complete,
        }

    def describe(self, call: ApiCall) -> Mapping[str, Any]:
        """Describe the named images, or all."""
        repository = self._repositories.asked(call)
        wanted = call.params.get("imageIds")
        if wanted:
            found = [self._need(repository, one) for one in wanted]
        else:
            found = self._images.all(repository)
        details = [self._detail(repository, one) for one in found]
        status = (call.params.get("filter") or {}).get("tagStatus")
        if status in ("TAGGED", "UNTAGGED"):
            details = [one for one in details if ("imageTags" in one) == (status == "TAGGED")]
        page, more = paged(call, details)
        return {"imageDetails": page, **more}

    def list(self, call: ApiCall) -> Mapping[str, Any]:
        """List digests and tags."""
        repository = self._repositories.asked(call)
        status = (call.params.get("filter") or {}).get("tagStatus")
        ids: list[dict[str, str]] = []
        for image in self._images.all(repository):
            tags = self._images.tags_of(repository, image["digest"])
            if tags and status != "UNTAGGED":
                ids += [{"imageDigest": image["digest"], "imageTag": tag} for tag in tags]
            if not tags and status != "TAGGED":
                ids.append({"imageDigest": image["digest"]})
        page, more = paged(call, ids)
        return {"imageIds": page, **more}

    def batch_get(self, call: ApiCall) -> Mapping[str, Any]:
        """Return manifests, with a failure for each that is not there."""
        repository = self._repositories.asked(call)
        images, failures = [], []
        for one in call.params["imageIds"]:
            image = self._find(repository, one)
            if image is None:
                failures.append(_not_found(one))
                continue
            image_id = {"imageDigest": image["digest"]}
            if one.get("imageTag"):
                image_id["imageTag"] = one["imageTag"]
            images.append(_image(repository, image, image_id))
        return {"images": images, "failures": failures}

    def put(self, call: ApiCall) -> Mapping[str, Any]:
        """Keep a manifest, with a tag or by digest alone."""
        repository, params = self._repositories.asked(call), call.params
        tag = params.get("imageTag")
        manifest = str(params["imageManifest"]).encode()
        before = self._images.find(repository, tag) if tag else None
        image = self._images.put(repository, manifest, params.get("imageManifestMediaType"), tag)
        if params.get("imageDigest") not in (None, image["digest"]):
            raise ApiError("ImageDigestDoesNotMatchException", "The image digest does not match")
        if before is not None and before["digest"] == image["digest"]:
            raise ApiError(
                "ImageAlreadyExistsException",
                f"Image with digest '{image['digest']}' and tag '{tag}' already exists in the "
                f"repository with name '{repository['name']}' in registry with id "
                f"'{repository['account']}'",
            )
        self._lifecycle.apply(repository)
        image_id = {"imageDigest": image["digest"], **({"imageTag": tag} if tag else {})}
        return {"image": _image(repository, image, image_id)}

    def batch_delete(self, call: ApiCall) -> Mapping[str, Any]:
        """Delete images by digest, or tags."""
        repository = self._repositories.asked(call)
        gone, failures = [], []
        for one in call.params["imageIds"]:
            image = self._find(repository, one)
            if image is None:
                failures.append(_not_found(one))
            elif one.get("imageDigest"):
                tags = self._images.tags_of(repository, image["digest"])
                self._images.remove(repository, image["digest"])
                digest = {"imageDigest": image["digest"]}
                gone += [{**digest, "imageTag": tag} for tag in tags] or [digest]
            else:
                self._images.remove_tag(repository, one["imageTag"])
                gone.append({"imageDigest": image["digest"], "imageTag": one["imageTag"]})
                if not self._images.tags_of(repository, image["digest"]):
                    self._images.remove(repository, image["digest"])
        return {"imageIds": gone, "failures": failures}

    def check_layers(self, call: ApiCall) -> Mapping[str, Any]:
        """Say which layers the repository holds."""
        repository = self._repositories.asked(call)
        layers = []
        for digest in call.params["layerDigests"]:
            layer = self._images.layer(repository, str(digest))
            shape: dict[str, Any] = {
                "layerDigest": digest,
                "layerAvailability": "AVAILABLE" if layer else "UNAVAILABLE",
            }
            if layer:
                shape["layerSize"] = layer["size"]
            layers.append(shape)
        return {"layers": layers, "failures": []}

    def download_url(self, call: ApiCall) -> Mapping[str, Any]:
        """Return where a layer can be fetched (by the distribution API, with a token)."""
        repository, digest = self._repositories.asked(call), str(call.params["layerDigest"])
        if self._images.layer(repository, digest) is None:
            raise ApiError(
                "LayersNotFoundException",
                f"The layer with digest '{digest}' does not exist in the repository with name "
                f"'{repository['name']}' in the registry with id '{repository['account']}'",
            )
        host = f"{repository['account']}.dkr.ecr.{repository['region']}.amazonaws.com"
        base = call.endpoint or self._endpoint
        url = f"{base}/v2/{host}/{repository['name']}/blobs/{digest}"
        return {"downloadUrl": url, "layerDigest": digest}

    def initiate(self, call: ApiCall) -> Mapping[str, Any]:
        """Begin the upload of a layer."""
        repository = self._repositories.asked(call)
        return {"uploadId": self._uploads.begin(repository["arn"]), "partSize": PART}

    def upload(self, call: ApiCall) -> Mapping[str, Any]:
        """Take a part of a layer."""
        repository, params = self._repositories.asked(call), call.params
        upload, first = str(params["uploadId"]), int(params["partFirstByte"])
        part = bytes(params["layerPartBlob"])
        size = self._uploads.append(repository["arn"], upload, (part,), first)
        return {
            "registryId": repository["account"],
            "repositoryName": repository["name"],
            "uploadId": upload,
            "lastByteReceived": size - 1,
        }

    def complete(self, call: ApiCall) -> Mapping[str, Any]:
        """Finish the upload of a layer: its digest must be the one that was said."""
        repository, params = self._repositories.asked(call), call.params
        digest = str(params["layerDigests"][0])
        self._uploads.complete(repository["arn"], str(params["uploadId"]), digest)
        self._images.add_layer(repository, digest)
        return {
            "registryId": repository["account"],
            "repositoryName": repository["name"],
            "uploadId": params["uploadId"],
            "layerDigest": digest,
        }

    def _find(self, repository: Record, wanted: Mapping[str, str]) -> Record | None:
        digest, tag = wanted.get("imageDigest"), wanted.get("imageTag")
        image = self._images.find(repository, str(digest or tag or ""))
        if image and digest and tag and tag not in self._images.tags_of(repository, digest):
            return None
        return image

    def _need(self, repository: Record, wanted: Mapping[str, str]) -> Record:
        image = self._find(repository, wanted)
        if image is None:
            told = ", ".join(f"{key}:'{wanted.get(key, 'null')}'" for key in _IDS)
            raise ApiError(
                "ImageNotFoundException",
                f"The image with imageId {{{told}}} does not exist within the repository with "
                f"name '{repository['name']}' in the registry with id '{repository['account']}'",
            )
        return image

    def _detail(self, repository: Record, image: Record) -> dict[str, Any]:
        shape = {
            "registryId": repository["account"],
            "repositoryName": repository["name"],
            "imageDigest": image["digest"],
            "imageSizeInBytes": image["size"],
            "imagePushedAt": datetime.fromtimestamp(image["pushed"], UTC),
            "imageManifestMediaType": image["media_type"],
            "artifactMediaType": image["config"],
        }
        tags = self._images.tags_of(repository, image["digest"])
        return {**shape, "imageTags": tags} if tags else shape


_IDS = ("imageDigest", "imageTag")


def _image(repository: Record, image: Record, image_id: dict[str, str]) -> dict[str, Any]:
    return {
        "registryId": repository["account"],
        "repositoryName": repository["name"],
        "imageId": image_id,
        "imageManifest": image["manifest"],
        "imageManifestMediaType": image["media_type"],
    }


def _not_found(wanted: Mapping[str, str]) -> dict[str, Any]:
    return {
        "imageId": dict(wanted),
        "failureCode": "ImageNotFound",
        "failureReason": "Requested image not found",
    }
