"""Digest files: what was delivered, signed, each naming the one before.

`aws cloudtrail validate-logs` reads them. One for each account and region, in which something was
delivered, when an hour has passed, when a trail is stopped and when the local AWS is. Source:
CloudTrail User Guide, "CloudTrail digest file structure" and "custom implementations of log file
integrity validation".
"""

from __future__ import annotations

import calendar
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from landrail.localaws.api import Platform
from landrail.localaws.services.cloudtrail.files import digest, put
from landrail.localaws.services.cloudtrail.settings import Settings
from landrail.localaws.services.cloudtrail.signing import ALGORITHM, SigningKey
from landrail.localaws.store import Tables

_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Written:
    """A log file that was delivered: the hash is of its content before compression."""

    key: str
    hash: str
    oldest: str
    newest: str


class Digests:
    """The chains of digest files of all trails."""

    def __init__(self, platform: Platform, tables: Tables, key: SigningKey) -> None:
        self._platform = platform
        self._key = key
        self._files = tables.table("cloudtrail.files")
        self._chains = tables.table("cloudtrail.digests")

    def note(self, found: Settings, account: str, region: str, file: Written) -> None:
        """Keep a delivered file for the next digest."""
        value = {**asdict(file), "bucket": found.bucket}
        self._files.put(found.arn, account, region, file.key, value=value)

    def write(self, found: Settings) -> int:
        """Write the digests that wait; return how many. Raises ApiError for one that is refused."""
        waiting = self._waiting(found)
        for account, region in waiting:
            self._one(found, account, region)
        return len(waiting)

    def _waiting(self, found: Settings) -> list[tuple[str, str]]:
        begun = [key for key, value in self._chains.scan(found.arn) if value.get("pending")]
        keys = [*begun, *(key for key, _ in self._files.scan(found.arn))]
        return list(dict.fromkeys((key[1], key[2]) for key in keys))

    def _one(self, found: Settings, account: str, region: str) -> None:
        """Write one. What it will say is kept first, so that a kill does not break the chain."""
        place = (found.arn, account, region)
        chain = self._chains.get(*place) or {"end": "", "last": None, "pending": None}
        if chain["pending"] is None:
            chain["pending"] = self._made(found, account, region, chain)
            self._chains.put(*place, value=chain)
        said = chain["pending"]
        content = json.dumps(said, separators=(",", ":")).encode()
        signature = self._sign(said, content)
        metadata = {"signature": signature, "signature-algorithm": ALGORITHM}
        put(self._platform, found, said["digestS3Object"], content, metadata)
        last = {
            "bucket": said["digestS3Bucket"],
            "key": said["digestS3Object"],
            "hash": digest(content),
            "signature": signature,
        }
        done = {"end": said["digestEndTime"], "last": last, "pending": None}
        for file in said["logFiles"]:
            self._files.delete(*place, file["s3Object"])
        self._chains.put(*place, value=done)

    def _sign(self, said: dict[str, Any], content: bytes) -> str:
        lines = (
            said["digestEndTime"],
            f"{said['digestS3Bucket']}/{said['digestS3Object']}",
            digest(content),
            said["previousDigestSignature"] or "null",
        )
        return self._key.sign("\n".join(lines).encode())

    def _made(
        self, found: Settings, account: str, region: str, chain: dict[str, Any]
    ) -> dict[str, Any]:
        files = [value for _, value in self._files.scan(found.arn, account, region)]
        oldest = min(f["oldest"] for f in files)
        end = time.strftime(_FORMAT, time.gmtime())
        if end <= chain["end"]:
            # Two in one second would have one name.
            end = _after(chain["end"])
        last = chain["last"] or {}
        return {
            "awsAccountId": account,
            "digestStartTime": chain["end"] or oldest,
            "digestEndTime": end,
            "digestS3Bucket": found.bucket,
            "digestS3Object": _key(found, account, region, end),
            "digestPublicKeyFingerprint": self._key.fingerprint,
            "digestSignatureAlgorithm": ALGORITHM,
            "newestEventTime": max(f["newest"] for f in files),
            "oldestEventTime": oldest,
            "previousDigestS3Bucket": last.get("bucket"),
            "previousDigestS3Object": last.get("key"),
            "previousDigestHashValue": last.get("hash"),
            "previousDigestHashAlgorithm": "SHA-256" if last else None,
            "previousDigestSignature": last.get("signature"),
            "logFiles": list(_listed(files)),
        }


def _listed(files: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for file in files:
        yield {
            "s3Bucket": file["bucket"],
            "s3Object": file["key"],
            "hashValue": file["hash"],
            "hashAlgorithm": "SHA-256",
            "newestEventTime": file["newest"],
            "oldestEventTime": file["oldest"],
        }


def _after(moment: str) -> str:
    seconds = calendar.timegm(time.strptime(moment, _FORMAT)) + 1
    return time.strftime(_FORMAT, time.gmtime(seconds))


def _key(found: Settings, account: str, region: str, end: str) -> str:
    stamp = end.replace("-", "").replace(":", "")
    day = f"{end[:4]}/{end[5:7]}/{end[8:10]}"
    name = f"{account}_CloudTrail-Digest_{region}_{found.name}_{found.region}_{stamp}"
    return f"{found.folder(account)}/CloudTrail-Digest/{region}/{day}/{name}.json.gz"
