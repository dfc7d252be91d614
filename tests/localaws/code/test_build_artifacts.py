"""What builds keep: artifacts in S3, as zips and as files, and caches for the next build."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from code_builder import Builder, contexts
from code_people import Person

KEPT = """
version: 0.2
env: {variables: {WORD: named}}
phases:
  build:
    commands:
      - mkdir -p out-1/deep out-2 other
      - echo 1 > out-1/a.txt; echo 2 > out-1/deep/b.txt; echo 3 > out-2/c.txt
      - echo 4 > out-2/d.log; echo 5 > other/e.txt; ln -s a.txt out-1/link.txt
artifacts:
  base-directory: 'out-*'
  files: ['**/*']
  exclude-paths: ['**/*.log']
  name: $WORD-$(echo at-$CODEBUILD_BUILD_NUMBER)
  s3-prefix: under
  enable-symlinks: yes
  secondary-artifacts:
    flat: {files: ['*/*.txt', 'out-1/deep/*'], discard-paths: yes, name: flat.zip}
"""
CACHED = """
version: 0.2
phases:
  install:
    commands:
      - mkdir -p deps $HOME/.cache/tool
      - cat deps/count $HOME/.cache/tool/count 2>/dev/null || echo nothing
      - echo kept >> deps/count; echo home > $HOME/.cache/tool/count
cache:
  %s
  paths: ['deps/**/*', '/root/.cache/tool/**/*', /etc/passwd]
"""
KEYED = "key: k-$(codebuild-hash-files lock)-$KIND\n  fallback-keys: [nothing, k-]"
NO_FILES = """
version: 0.2
phases: {build: {commands: [echo]}}
artifacts: {files: [missing.txt]}
"""


@pytest.fixture
def place(bucket: Callable[[str], str], unique: Callable[[str], str]) -> str:
    return bucket(unique("kept"))


def _keys(person: Person, place: str) -> list[str]:
    found = person.client("s3").list_objects_v2(Bucket=place).get("Contents", [])
    return [one["Key"] for one in found]


def _zip(person: Person, place: str, key: str) -> list[str]:
    content = person.client("s3").get_object(Bucket=place, Key=key)["Body"].read()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sorted(archive.namelist())


def test_artifacts_are_named_and_laid_out_as_asked(
    builder: Builder, person: Person, place: str
) -> None:
    to = {"type": "S3", "location": place, "path": "p"}
    name = builder.project(
        KEPT,
        artifacts={
            **to,
            "packaging": "ZIP",
            "namespaceType": "BUILD_ID",
            "overrideArtifactName": True,
        },
        secondaryArtifacts=[{**to, "artifactIdentifier": "flat", "name": "files"}],
    )
    build = builder.run(name)
    assert build["buildStatus"] == "SUCCEEDED", builder.log(build)
    own = build["id"].rpartition(":")[2]
    key = f"under/p/{own}/named-at-1"
    assert build["artifacts"]["location"] == f"arn:aws:s3:::{place}/{key}"
    assert len(build["artifacts"]["sha256sum"]) == 64
    assert _zip(person, place, key) == ["a.txt", "c.txt", "deep/b.txt", "link.txt"]
    assert [one for one in _keys(person, place) if one != key] == [
        "p/files/a.txt",
        "p/files/b.txt",
        "p/files/c.txt",
        "p/files/e.txt",
        "p/files/link.txt",
    ]


def test_a_build_without_its_artifacts_fails_at_their_upload(
    builder: Builder, place: str, service_role: Any, unique: Any
) -> None:
    to = {"type": "S3", "location": place}
    build = builder.run(builder.project(NO_FILES, artifacts=to))
    assert contexts(build, "UPLOAD_ARTIFACTS") == [
        ("CLIENT_ERROR", "no matching artifact paths found: missing.txt")
    ]
    assert build["buildStatus"] == "FAILED"


def test_a_cache_in_s3_is_handed_on_until_it_is_invalidated(
    builder: Builder, person: Person, place: str
) -> None:
    name = builder.project(
        CACHED % "action: ''", cache={"type": "S3", "location": f"{place}/cache"}
    )
    assert builder.lines(builder.run(name)) == ["nothing"]
    second = builder.run(name)
    assert builder.lines(second) == ["kept", "home"]
    assert "The cache path /etc/passwd lies outside of the build" in builder.log(second)
    builder.client.invalidate_project_cache(projectName=name)
    assert builder.lines(builder.run(name)) == ["nothing"]
    assert all(key.startswith("cache/") for key in _keys(person, place))


def test_a_cache_with_a_key_is_made_once_and_found_by_its_fallbacks(
    builder: Builder, person: Person, place: str
) -> None:
    name = builder.project(CACHED % KEYED, cache={"type": "S3", "location": place})

    def run(kind: str) -> list[str]:
        return builder.lines(
            builder.run(name, environmentVariablesOverride=[{"name": "KIND", "value": kind}])
        )

    assert run("a") == ["nothing"]
    assert run("a") == ["kept", "home"]
    assert run("a") == ["kept", "home"], "a copy under a key is never changed"
    assert run("b") == ["kept", "home"], "found by the beginning of its key"
    assert run("b") == ["kept", "kept", "home"]
    assert len(_keys(person, place)) == 2


def test_a_local_cache_stays_on_this_machine(builder: Builder) -> None:
    local = {"type": "LOCAL", "modes": ["LOCAL_CUSTOM_CACHE"]}
    name = builder.project(CACHED % "action: ''", cache=local)
    assert builder.lines(builder.run(name)) == ["nothing"]
    assert builder.lines(builder.run(name)) == ["kept", "home"]
    else_where = {**local, "cacheNamespace": f"x/../{name}/first"}
    other = builder.project(CACHED % "action: ''", cache=else_where)
    assert builder.lines(builder.run(other)) == ["nothing"]
    assert builder.lines(builder.run(name)) == ["kept", "kept", "home"]
    assert builder.lines(builder.run(name, cacheOverride={"type": "NO_CACHE"})) == ["nothing"]
