"""Where a build's files come from, fetched under the build's role."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from landrail.localaws.api import ApiError, Caller, Credentials, Origin, Platform
from landrail.localaws.git_signature import header
from landrail.localaws.services.codebuild.artifacts import unzip
from landrail.localaws.services.codebuild.failing import Failed, refused

_BUILDSPEC = "buildspec.yml"
# A buildspec itself, of one line in JSON say, and not where one is.
_INLINE = re.compile(r".*\n|\s*\{|\s*version\s*:")


def fetch(
    platform: Platform,
    credentials: Credentials,
    origin: Origin,
    region: str,
    source: Mapping[str, Any],
    version: str | None,
    folder: Path,
) -> str | None:
    """Put the source into the folder and return its resolved version; raises ApiError, ValueError.

    It is fetched from `origin`, where the build is. The location of a CODEPIPELINE source is
    `BUCKET/KEY`, handed over by the pipeline.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kind, location = source["type"], str(source.get("location") or "")
    if kind == "NO_SOURCE":
        return None
    if kind in ("S3", "CODEPIPELINE"):
        wanted = version if kind == "S3" else None
        caller = replace(credentials.caller, origin=origin)
        return _from_s3(platform, caller, region, location, wanted, folder)
    listener = platform.listen(origin, credentials.caller.role_arn or "")
    try:
        # Git runs below the server itself.
        listener.belongs_to(os.getpid())
        depth = int(source.get("gitCloneDepth") or 0)
        return _from_codecommit(listener.endpoint, credentials, location, version, folder, depth)
    finally:
        listener.close()


def buildspec_text(
    platform: Platform, caller: Caller, build: Mapping[str, Any], folder: Path
) -> tuple[str, str]:
    """Return the text of a build's buildspec and what it is called; raises Failed."""
    given = str(build["source"].get("buildspec") or _BUILDSPEC)
    if _INLINE.match(given):
        return given, "buildspec"
    if given.startswith("arn:aws:s3:::"):
        bucket, _, key = given.removeprefix("arn:aws:s3:::").partition("/")
        params = {"Bucket": bucket, "Key": key}
        try:
            answer = platform.call(caller, "s3", "GetObject", params, region=build["region"])
        except ApiError as error:
            raise refused("error while downloading the buildspec", error) from error
        return _content(answer).decode("utf-8", "replace"), given
    name = given.removeprefix("/codebuild/src/")
    file = (folder / name).resolve()
    try:
        if file.is_relative_to(folder.resolve()):
            return file.read_text(encoding="utf-8", errors="replace"), given
    except OSError as error:
        raise Failed("YAML_FILE_ERROR", f"stat {given}: {str(error.strerror).lower()}") from error
    raise Failed("YAML_FILE_ERROR", f"stat {given}: no such file or directory")


def _content(answer: Mapping[str, Any]) -> bytes:
    body = answer["Body"]
    return bytes(body if isinstance(body, bytes) else body.read())


def _from_s3(
    platform: Platform,
    caller: Caller,
    region: str,
    location: str,
    version: str | None,
    folder: Path,
) -> str | None:
    bucket, _, key = location.removeprefix("arn:aws:s3:::").partition("/")
    if not key or key.endswith("/"):
        raise ValueError(f"the S3 source {location!r} is not BUCKET/KEY of a zip")
    params = {"Bucket": bucket, "Key": key}
    if version:
        params["VersionId"] = version
    answer = platform.call(caller, "s3", "GetObject", params, region=region)
    unzip(_content(answer), folder)
    return answer.get("VersionId")


def _from_codecommit(
    endpoint: str,
    credentials: Credentials,
    location: str,
    version: str | None,
    folder: Path,
    depth: int,
) -> str:
    """Clone as any client does, signed in by the role's credentials, so that GitPull decides."""
    host, _, name = location.removeprefix("https://").partition("/v1/repos/")
    parts = host.split(".")
    if len(parts) < 3 or not name:
        raise ValueError(f"the source {location!r} is not a CodeCommit URL")
    signed = header(credentials, endpoint, parts[1], name)
    env = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "http.extraHeader",
        "GIT_CONFIG_VALUE_0": f"Authorization: {signed}",
    }
    # A commit asked for by its id may lie deeper than a shallow clone reaches.
    shallow = [f"--depth={depth}"] if depth and not version else []
    _git(env, "clone", "--quiet", *shallow, f"{endpoint}/v1/repos/{name}", str(folder))
    if version:
        short = version.removeprefix("refs/heads/")
        if short.startswith("-"):
            # An option of git's, which may read and write what the server may.
            raise ValueError(f"the source version {version} is no commit, branch or tag")
        _git({}, "-C", str(folder), "checkout", "--quiet", short, "--")
    return _git({}, "-C", str(folder), "rev-parse", "HEAD").strip()


def _git(extra: Mapping[str, str], *arguments: str) -> str:
    env = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": "/nonexistent",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        **extra,
    }
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, env=env, check=False)
    if done.returncode != 0:
        raise ValueError(done.stderr.strip() or f"git {arguments[0]} failed")
    return done.stdout
