"""Source actions: a CodeCommit branch, and a versioned S3 object."""

from __future__ import annotations

from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from landrail.localaws.git_signature import header
from landrail.localaws.services.codepipeline.actions.task import ActionFailed, Outcome, Task

# The local endpoint is on the loopback: a proxy of the environment has no part in it.
_open = build_opener(ProxyHandler({})).open


def from_codecommit(task: Task) -> Outcome:
    """Bring the tip of a branch (or the commit the start named) into the store as a zip."""
    name, branch = task.configuration["RepositoryName"], task.configuration["BranchName"]
    where = {"repositoryName": name}
    commit = (task.override or {}).get("revisionValue")
    if commit is None:
        found = task.call("codecommit", "GetBranch", {**where, "branchName": branch})
        commit = str(found["branch"]["commitId"])
    info = task.call("codecommit", "GetCommit", {**where, "commitId": commit})["commit"]
    place = task.put(task.outputs[0], _archive(task, name, commit))
    message = str(info["message"])
    return Outcome(
        artifacts={task.outputs[0]: place},
        variables={
            "AuthorDate": str(info["author"]["date"]),
            "AuthorDisplayName": str(info["author"]["name"]),
            "AuthorEmail": str(info["author"]["email"]),
            "BranchName": branch,
            "CommitId": commit,
            "CommitMessage": message,
            "CommitterDate": str(info["committer"]["date"]),
            "RepositoryName": name,
        },
        revisions=(_revision(task, commit, message),),
        summary=message,
    )


def from_s3(task: Task) -> Outcome:
    """Bring one version of an object into the store."""
    bucket, key = task.configuration["S3Bucket"], task.configuration["S3ObjectKey"]
    override = task.override or {}
    if override.get("revisionType") == "S3_OBJECT_KEY":
        key = override["revisionValue"]
    versioning = task.call("s3", "GetBucketVersioning", {"Bucket": bucket})
    if versioning.get("Status") != "Enabled":
        raise ActionFailed(f"the bucket {bucket} is not versioned", "ConfigurationError")
    params = {"Bucket": bucket, "Key": key}
    if override.get("revisionType") == "S3_OBJECT_VERSION_ID":
        params["VersionId"] = override["revisionValue"]
    answer = task.call("s3", "GetObject", params)
    body = answer["Body"]
    version, etag = str(answer.get("VersionId", "")), str(answer.get("ETag", "")).strip('"')
    content = body if isinstance(body, bytes) else bytes(body.read())
    place = task.put(task.outputs[0], content)
    summary = f"Amazon S3 version id: {version}"
    return Outcome(
        artifacts={task.outputs[0]: place},
        variables={"BucketName": bucket, "ETag": etag, "ObjectKey": key, "VersionId": version},
        revisions=(_revision(task, version, summary),),
        summary=summary,
    )


def _revision(task: Task, revision: str, summary: str) -> dict[str, str]:
    return {
        "action": str(task.action["name"]),
        "name": task.outputs[0],
        "id": revision,
        "summary": summary,
    }


def _archive(task: Task, name: str, commit: str) -> bytes:
    """Ask CodeCommit for the commit's tree; decided by codecommit:UploadArchive, as on AWS."""
    endpoint = task.platform.endpoint
    signed = header(task.credentials, endpoint, task.region, name)
    url = f"{endpoint}/v1/repos/{name}/archive?{urlencode({'commit': commit})}"
    try:
        with _open(Request(url, headers={"Authorization": signed}), timeout=120) as answer:
            return bytes(answer.read())
    except HTTPError as refused:
        with refused:
            message = refused.read().decode("utf-8", "replace").strip()
        code = "PermissionError" if refused.code == 403 else "ConfigurationError"
        raise ActionFailed(f"UploadArchive: {message}", code) from refused
