"""The environment of a build: what CodeBuild documents, and nothing of the server's own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiError, Caller, Credentials, Platform
from landrail.localaws.services.codebuild.buildspec import Buildspec

Build = Mapping[str, Any]
# Git also tells a helper what to store and erase; only `get` takes the option.
_HELPER = (
    '!f() { test "$1" != get || aws codecommit credential-helper --ignore-host-check get; }; f'
)


def fixed(build: Build, endpoint: str, path: str, root: str, log_path: str) -> dict[str, str]:
    """Return the variables that CodeBuild sets itself."""
    source = build["source"]
    region = build["arn"].split(":")[3]
    return {
        "PATH": path,
        "HOME": f"{root}/home",
        "LANG": "C.UTF-8",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
        "CODEBUILD_BUILD_ARN": build["arn"],
        "CODEBUILD_BUILD_ID": build["id"],
        "CODEBUILD_BUILD_IMAGE": build["environment"]["image"],
        "CODEBUILD_BUILD_NUMBER": str(build["buildNumber"]),
        "CODEBUILD_BUILD_SUCCEEDING": "1",
        "CODEBUILD_INITIATOR": build["initiator"],
        "CODEBUILD_KMS_KEY_ID": build["encryptionKey"],
        "CODEBUILD_LOG_PATH": log_path,
        "CODEBUILD_RESOLVED_SOURCE_VERSION": build.get("resolvedSourceVersion") or "",
        "CODEBUILD_SOURCE_REPO_URL": source.get("location") or "",
        "CODEBUILD_SOURCE_VERSION": build.get("sourceVersion") or "",
        "CODEBUILD_START_TIME": str(int(build["startTime"] * 1000)),
        "CODEBUILD_SRC_DIR": f"{root}/src",
        **{
            f"CODEBUILD_SRC_DIR_{one['sourceIdentifier']}": f"{root}/secondary/"
            f"{one['sourceIdentifier']}"
            for one in build.get("secondarySources") or []
        },
    }


def credentials(given: Credentials) -> dict[str, str]:
    """Return the variables that hand the role's credentials to the build."""
    return {
        "AWS_ACCESS_KEY_ID": given.access_key_id,
        "AWS_SECRET_ACCESS_KEY": given.secret_access_key,
        "AWS_SESSION_TOKEN": given.session_token,
    }


def git(endpoint: str, region: str) -> dict[str, str]:
    """Return what makes git sign in to CodeCommit with the build's credentials."""
    pairs = (
        (f"url.{endpoint}/v1/repos/.insteadOf", _codecommit(region)),
        ("credential.helper", _HELPER),
        ("credential.useHttpPath", "true"),
    )
    found = {"GIT_CONFIG_COUNT": str(len(pairs))}
    for number, (key, value) in enumerate(pairs):
        found[f"GIT_CONFIG_KEY_{number}"] = key
        found[f"GIT_CONFIG_VALUE_{number}"] = value
    return found


def asked(platform: Platform, caller: Caller, build: Build, spec: Buildspec) -> dict[str, str]:
    """Return the variables of buildspec and project, looked up as the role; raises ApiError.

    The project's variables win over the buildspec's, as AWS documents.
    """
    region = build["arn"].split(":")[3]
    found = dict(spec.variables)
    found |= {
        name: _parameter(platform, caller, region, where) for name, where in spec.parameters.items()
    }
    found |= {
        name: _secret(platform, caller, region, where) for name, where in spec.secrets.items()
    }
    for one in build["environment"].get("environmentVariables") or []:
        name, value, kind = one["name"], one["value"], one.get("type", "PLAINTEXT")
        if kind == "PARAMETER_STORE":
            value = _parameter(platform, caller, region, value)
        elif kind == "SECRETS_MANAGER":
            value = _secret(platform, caller, region, value)
        found[name] = value
    return found


def _codecommit(region: str) -> str:
    return f"https://git-codecommit.{region}.amazonaws.com/v1/repos/"


def _parameter(platform: Platform, caller: Caller, region: str, name: str) -> str:
    params = {"Name": name, "WithDecryption": True}
    answer = platform.call(caller, "ssm", "GetParameter", params, region=region)
    return str(answer["Parameter"]["Value"])


def _secret(platform: Platform, caller: Caller, region: str, where: str) -> str:
    """Read `SECRET-ID:JSON-KEY:VERSION-STAGE:VERSION-ID`, where the id may be an ARN."""
    parts = where.split(":")
    cut = 7 if where.startswith("arn:") else 1
    rest = [*parts[cut:], "", "", ""]
    params = {"SecretId": ":".join(parts[:cut])}
    if rest[1]:
        params["VersionStage"] = rest[1]
    if rest[2]:
        params["VersionId"] = rest[2]
    answer = platform.call(caller, "secretsmanager", "GetSecretValue", params, region=region)
    text = str(answer["SecretString"])
    if not rest[0]:
        return text
    document = json.loads(text)
    if not isinstance(document, dict) or rest[0] not in document:
        raise ApiError("Secrets Manager Error Message", f"the secret has no key {rest[0]}")
    return str(document[rest[0]])
