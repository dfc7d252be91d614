"""The artifacts of a build, put to S3 as the build's role: one zip, or each file for itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landrail.localaws.api import ApiError, Caller, Platform
from landrail.localaws.services.codebuild.artifacts import NothingToKeep, chosen, digests, zipped
from landrail.localaws.services.codebuild.buildspec import Artifact, Buildspec
from landrail.localaws.services.codebuild.failing import Failed, refused

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Uploads:
    """Puts what one build keeps; `names` are those that the buildspec computed, by identifier."""

    platform: Platform
    caller: Caller
    record: Record
    source: Path
    names: Mapping[str, str]

    def perform(self, spec: Buildspec) -> None:
        """Put all artifacts and note them in the record; raises Failed."""
        wanted = self.record["artifacts"]
        if wanted["type"] != "NO_ARTIFACTS":
            artifact = spec.artifact or next(iter(spec.secondary.values()), None)
            if artifact is None:
                raise Failed("CLIENT_ERROR", "no artifacts are named in the buildspec")
            wanted.update(self._put(artifact, wanted, self.names.get("", "")))
        for one in self.record.get("secondaryArtifacts") or []:
            identifier = one["artifactIdentifier"]
            named = spec.secondary.get(identifier)
            if named is None:
                message = f"no secondary artifact {identifier} in the buildspec"
                raise Failed("CLIENT_ERROR", message)
            one.update(self._put(named, one, self.names.get(identifier, "")))

    def _put(self, artifact: Artifact, wanted: Record, name: str) -> Record:
        try:
            files = chosen(self.source, artifact)
        except NothingToKeep as error:
            raise Failed("CLIENT_ERROR", str(error)) from error
        bucket, _, prefix = str(wanted["location"]).removeprefix("arn:aws:s3:::").partition("/")
        key = wanted.get("key") or self._key(wanted, prefix, artifact, name)
        location = f"arn:aws:s3:::{bucket}/{key}".rstrip("/")
        if wanted["type"] == "S3" and wanted.get("packaging") != "ZIP":
            for inner, path in files.items():
                self._object(wanted, bucket, f"{key}/{inner}".lstrip("/"), path.read_bytes())
            return {"shownLocation": location}
        content = zipped(files, artifact.symlinks)
        self._object(wanted, bucket, key, content)
        return {"shownLocation": location, **digests(content)}

    def _object(self, wanted: Record, bucket: str, key: str, content: bytes) -> None:
        params: Record = {"Bucket": bucket, "Key": key, "Body": content}
        if not wanted.get("encryptionDisabled"):
            params |= encryption(self.record)
        region = str(self.record["region"])
        try:
            self.platform.call(self.caller, "s3", "PutObject", params, region=region)
        except ApiError as error:
            raise refused("error while uploading the artifact", error) from error

    def _key(self, wanted: Record, prefix: str, artifact: Artifact, name: str) -> str:
        chosen_name = (wanted.get("overrideArtifactName") and name) or wanted.get("name")
        build_id = self.record["id"].rpartition(":")[2]
        by_id = wanted.get("namespaceType") == "BUILD_ID"
        before = (prefix, artifact.prefix) if by_id else (prefix,)
        middle = build_id if by_id else ""
        last = str(chosen_name or self.record["projectName"])
        parts = (*before, str(wanted.get("path") or ""), middle, last)
        return "/".join(part.strip("/") for part in parts if part.strip("/"))


def encryption(record: Mapping[str, Any]) -> dict[str, str]:
    """Return what tells S3 the build's own key; nothing for the key that S3 has anyway."""
    key = str(record["encryptionKey"])
    if key.endswith("alias/aws/s3"):
        return {}
    return {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}
