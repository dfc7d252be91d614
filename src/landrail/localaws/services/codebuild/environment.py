"""The environment of a build: what CodeBuild documents, and nothing of the server's own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landrail.localaws.api import ApiError, Caller, Credentials, Platform
from landrail.localaws.services.codebuild.buildspec import Buildspec

Build = Mapping[str, Any]
_AT_ONCE = 10
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
        "CODEBUILD_CI": "true",
        "CODEBUILD_INITIATOR": build["initiator"],
        "CODEBUILD_KMS_KEY_ID": build["encryptionKey"],
        "CODEBUILD_LOG_PATH": log_path,
        "CODEBUILD_PROJECT_ARN": build["projectArn"],
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


@dataclass(frozen=True, slots=True)
class Asked:
    """The variables of a build, and those of them that come from a store of secrets."""

    values: Mapping[str, str]
    secret: frozenset[str]


class NotFound(Exception):
    """A variable could not be looked up; `code` is CodeBuild's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def asked(platform: Platform, caller: Caller, build: Build, spec: Buildspec) -> Asked:
    """Return the variables of buildspec and project, looked up as the role; raises NotFound.

    The project's variables win over the buildspec's, as AWS documents.
    """
    region = build["arn"].split(":")[3]
    plain = dict(spec.variables)
    parameters, secrets = dict(spec.parameters), dict(spec.secrets)
    kinds = {"PARAMETER_STORE": parameters, "SECRETS_MANAGER": secrets}
    for one in build["environment"].get("environmentVariables") or []:
        for others in (plain, parameters, secrets):
            others.pop(one["name"], None)
        kinds.get(one.get("type", "PLAINTEXT"), plain)[one["name"]] = one["value"]
    found = _parameters(platform, caller, region, parameters)
    found |= {name: _secret(platform, caller, region, where) for name, where in secrets.items()}
    return Asked({**plain, **found}, frozenset(found))


def _codecommit(region: str) -> str:
    return f"https://git-codecommit.{region}.amazonaws.com/v1/repos/"


def _parameters(
    platform: Platform, caller: Caller, region: str, wanted: Mapping[str, str]
) -> dict[str, str]:
    values: dict[str, str] = {}
    names = list(dict.fromkeys(wanted.values()))
    code = "Decrypted Variables Error"
    for start in range(0, len(names), _AT_ONCE):
        params = {"Names": names[start : start + _AT_ONCE], "WithDecryption": True}
        try:
            answer = platform.call(caller, "ssm", "GetParameters", params, region=region)
        except ApiError as error:
            raise NotFound(code, f"{error.code}: {error.message}") from error
        if missing := answer.get("InvalidParameters"):
            raise NotFound(code, f"parameter does not exist: {', '.join(missing)}")
        # Asked for with a version or label, a parameter answers with that as its selector.
        values |= {
            str(one["Name"]) + str(one.get("Selector") or ""): str(one["Value"])
            for one in answer["Parameters"]
        }
        values |= {str(one["ARN"]): str(one["Value"]) for one in answer["Parameters"]}
    for where in names:
        if where not in values:
            raise NotFound(code, f"parameter does not exist: {where}")
    return {name: values[where] for name, where in wanted.items()}


def _secret(platform: Platform, caller: Caller, region: str, where: str) -> str:
    """Read `SECRET-ID:JSON-KEY:VERSION-STAGE:VERSION-ID`, where the id may be an ARN."""
    code = "Secrets Manager Error Message"
    parts = where.split(":")
    cut = 7 if where.startswith("arn:") else 1
    key, stage, version = [*parts[cut:], "", "", ""][:3]
    params = {"SecretId": ":".join(parts[:cut])}
    if stage:
        params["VersionStage"] = stage
    if version:
        params["VersionId"] = version
    try:
        answer = platform.call(caller, "secretsmanager", "GetSecretValue", params, region=region)
    except ApiError as error:
        raise NotFound(code, f"{error.code}: {error.message}") from error
    text = answer.get("SecretString")
    if text is None:
        raise NotFound(code, f"the secret {params['SecretId']} is binary, text is wanted")
    return str(text) if not key else _member(str(text), key, params["SecretId"])


def _member(text: str, key: str, secret: str) -> str:
    code = "Secrets Manager Error Message"
    try:
        document = json.loads(text)
    except ValueError:
        raise NotFound(code, f"the secret {secret} is not JSON, and {key} is asked of it") from None
    if not isinstance(document, dict) or key not in document:
        raise NotFound(code, f"the secret {secret} has no key {key}")
    return _text(document[key])


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
