"""Data between S3 and a job's folder, under the job's role."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landrail.localaws.api import ApiError, Caller, Platform
from landrail.localaws.runtimes.left import files


class NoData(Exception):
    """Input or output cannot be read or written; the text is for the job's FailureReason."""


@dataclass(frozen=True, slots=True)
class Uri:
    """`s3://BUCKET/KEY`."""

    bucket: str
    key: str

    @classmethod
    def parse(cls, text: str) -> Uri:
        """Read a URI; raises NoData."""
        scheme, _, rest = text.partition("://")
        bucket, _, key = rest.partition("/")
        if scheme != "s3" or not bucket:
            raise NoData(f"ClientError: `{text}` is not an S3 URI.")
        return cls(bucket, key)

    def below(self, name: str) -> Uri:
        """Return the URI of a name below this one."""
        return Uri(self.bucket, posixpath.join(self.key, name) if self.key else name)

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"


class Objects:
    """S3 as one caller sees it."""

    def __init__(self, platform: Platform, caller: Caller, region: str) -> None:
        """Every call is made as `caller` and authorized as such."""
        self._platform = platform
        self._caller = caller
        self._region = region

    def get(self, uri: Uri) -> bytes:
        """Return an object's contents; raises NoData."""
        body = self._call("GetObject", uri, {"Bucket": uri.bucket, "Key": uri.key})["Body"]
        return bytes(body.read() if hasattr(body, "read") else body)

    def put(self, uri: Uri, content: bytes, key_id: str | None, kind: str = "") -> None:
        """Write an object, encrypted with a KMS key where one is named; raises NoData."""
        params: dict[str, Any] = {"Bucket": uri.bucket, "Key": uri.key, "Body": content}
        if key_id:
            params |= {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key_id}
        if kind:
            params["ContentType"] = kind
        self._call("PutObject", uri, params)

    def keys(self, prefix: Uri) -> Iterator[str]:
        """Yield the keys that begin with a prefix, without folder markers; raises NoData."""
        token: dict[str, str] = {}
        while True:
            params = {"Bucket": prefix.bucket, "Prefix": prefix.key, **token}
            answer = self._call("ListObjectsV2", prefix, params)
            for item in answer.get("Contents") or ():
                if not item["Key"].endswith("/"):
                    yield item["Key"]
            if not answer.get("IsTruncated"):
                return
            token = {"ContinuationToken": answer["NextContinuationToken"]}

    def sources(self, kind: str, text: str) -> dict[str, Uri]:
        """Return the objects that a data source means, by their path below the channel's folder.

        `kind` is its S3DataType: a prefix or a manifest. Raises NoData where there are none.
        """
        uri = Uri.parse(text)
        if kind == "ManifestFile":
            found = self._manifest(uri)
        elif kind == "S3Prefix":
            found = {_relative(key, uri.key): Uri(uri.bucket, key) for key in self.keys(uri)}
        else:
            raise NoData(f"ClientError: The local AWS does not support the S3DataType {kind}.")
        if not found:
            raise NoData(
                f"ClientError: Data download failed: No S3 objects found under S3 URL '{text}'."
            )
        return found

    def download(self, kind: str, text: str, folder: Path, share: slice = slice(None)) -> int:
        """Bring a data source, or a share of its files, into a folder; return how many files came.
        Raises NoData."""
        found = list(self.sources(kind, text).items())[share]
        for name, uri in found:
            target = folder / name
            if not target.resolve().is_relative_to(folder.resolve()):
                raise NoData(f"ClientError: The key of {uri} leaves the channel's folder.")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(self.get(uri))
        return len(found)

    def upload(
        self,
        root: Path,
        below: str,
        text: str,
        key_id: str | None,
        sent: dict[str, tuple[int, int]] | None = None,
    ) -> int:
        """Write the files of the folder `below` of a container's `root` under a URI; return how
        many. Those that are as they were when they were `sent` are left out, and links are.
        Raises NoData."""
        uri, count = Uri.parse(text), 0
        known = {} if sent is None else sent
        for found in files(root, below):
            as_it_is = (found.state.st_mtime_ns, found.state.st_size)
            place = f"{root}/{below}/{found.name}"
            if known.get(place) == as_it_is:
                continue
            self.put(uri.below(found.name), found.file.read(), key_id)
            known[place] = as_it_is
            count += 1
        return count

    def _manifest(self, uri: Uri) -> dict[str, Uri]:
        try:
            entries = json.loads(self.get(uri))
            prefix = Uri.parse(entries[0]["prefix"])
            names = [str(name) for name in entries[1:]]
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise NoData(f"ClientError: The manifest {uri} cannot be read: {error}") from error
        return {name: Uri(prefix.bucket, prefix.key + name) for name in names}

    def _call(self, operation: str, uri: Uri, params: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._platform.call(self._caller, "s3", operation, params, region=self._region)
        except ApiError as error:
            verb = "upload" if operation == "PutObject" else "download"
            raise NoData(
                f"ClientError: Data {verb} failed: {operation} on {uri}: "
                f"{error.code}: {error.message}"
            ) from error


def _relative(key: str, prefix: str) -> str:
    """Return where an object goes below the channel's folder."""
    if key == prefix or not prefix:
        return posixpath.basename(key) if prefix else key
    if prefix.endswith("/") or key[len(prefix)] == "/":
        return key[len(prefix) :].lstrip("/")
    return key[len(posixpath.dirname(prefix)) :].lstrip("/")
