"""Real clients, through `landrail as`: what works on AWS works, what AWS denies is denied."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")


def test_aws_says_who_one_is(demo: Demo) -> None:
    told = demo.aws("ana@passengers-data-science", "sts", "get-caller-identity")
    assert told["Arn"].startswith(f"arn:aws:sts::{told['Account']}:assumed-role/data-scientist-")
    assert told["Arn"].endswith("/ana")


def test_aws_lists_buckets(demo: Demo) -> None:
    told = demo.as_("ana@passengers-data-science", "aws", "s3", "ls").stdout
    assert "acme-air-workspace" in told


def test_aws_lists_endpoints(demo: Demo) -> None:
    told = demo.aws("dee@passengers-production", "sagemaker", "list-endpoints")
    assert [e["EndpointName"] for e in told["Endpoints"]] == ["delays"]


def test_aws_lists_accounts(demo: Demo) -> None:
    told = demo.aws("olga@management", "organizations", "list-accounts")
    assert len(told["Accounts"]) == demo.report["accounts"] == 14


def test_aws_describes_stacks(demo: Demo) -> None:
    told = demo.aws("audrey@passengers-uat", "cloudformation", "describe-stacks")
    assert {stack["StackStatus"] for stack in told["Stacks"]} <= {
        "CREATE_COMPLETE",
        "UPDATE_COMPLETE",
    }
    assert "landrail-baseline" in {stack["StackName"] for stack in told["Stacks"]}


def test_account_level_public_access_block_is_read_by_its_own_host_name(demo: Demo) -> None:
    account = demo.aws("audrey@passengers-uat", "sts", "get-caller-identity")["Account"]
    told = demo.aws(
        "audrey@passengers-uat", "s3control", "get-public-access-block", "--account-id", account
    )
    assert set(told["PublicAccessBlockConfiguration"].values()) == {True}


def test_a_denial_looks_as_on_aws_and_can_be_explained(demo: Demo) -> None:
    ended = demo.as_(
        "ana@passengers-uat",
        *("aws", "sagemaker", "delete-endpoint", "--endpoint-name", "delays-staging"),
        ok=False,
    )
    assert ended.returncode not in (0, 1, 2)
    assert "AccessDeniedException" in ended.stderr
    assert "is not authorized to perform: sagemaker:DeleteEndpoint" in ended.stderr
    event = ended.stderr.partition("[explain: ")[2].partition("]")[0]
    told = demo.run("explain", event).stdout
    assert "sagemaker:DeleteEndpoint" in told
    assert "ana" in told


def test_git_clones_and_pushes_codecommit(demo: Demo, tmp_path: Path) -> None:
    url = "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/delays"
    who = "ana@shared-prod"
    demo.as_(who, "git", "clone", "-q", url, str(tmp_path / "clone"))
    assert (tmp_path / "clone/pyproject.toml").exists()
    (tmp_path / "clone/NOTES").write_text("seen\n")
    git = ("git", "-C", str(tmp_path / "clone"), "-c", "user.name=ana", "-c", "user.email=a@b.c")
    demo.as_(who, *git, "checkout", "-q", "-b", "notes")
    demo.as_(who, *git, "add", "NOTES")
    demo.as_(who, *git, "commit", "-q", "-m", "Add notes")
    demo.as_(who, *git, "push", "-q", "origin", "notes")
    told = demo.aws(who, "codecommit", "list-branches", "--repository-name", "delays")
    assert sorted(told["branches"]) == ["main", "notes"]


@pytest.mark.parametrize("who", ["audrey@shared-prod", "ana@passengers-data-science"])
def test_git_push_is_denied_to_others(demo: Demo, tmp_path: Path, who: str) -> None:
    url = "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/delays"
    demo.as_("ana@shared-prod", "git", "clone", "-q", url, str(tmp_path / "clone"))
    ended = demo.as_(
        who, "git", "-C", str(tmp_path / "clone"), "push", "origin", "HEAD:refs/heads/no", ok=False
    )
    assert ended.returncode != 0


def test_pip_installs_from_codeartifact(demo: Demo, tmp_path: Path) -> None:
    who = "ana@shared-prod"
    place = demo.aws(who, "codeartifact", "list-repositories")["repositories"][0]
    names = (
        "--domain", place["domainName"], "--domain-owner", place["domainOwner"],
    )  # fmt: skip
    token = demo.aws(who, "codeartifact", "get-authorization-token", *names)["authorizationToken"]
    url = demo.aws(
        who, "codeartifact", "get-repository-endpoint", *names,
        "--repository", place["name"], "--format", "pypi",
    )["repositoryEndpoint"]  # fmt: skip
    index = url.replace("http://", f"http://aws:{token}@").rstrip("/") + "/simple/"
    demo.as_(
        who, "python", "-m", "pip", "install", "-q", "--no-deps", "--disable-pip-version-check",
        "--isolated", "--index-url", index, "--target", str(tmp_path / "site"), "delays",
    )  # fmt: skip
    assert (tmp_path / "site/delays/train.py").exists()


def test_a_wrong_person_lists_those_there_are(demo: Demo) -> None:
    ended = demo.as_("anna@passengers-data-science", "true", ok=False)
    assert ended.returncode == 2
    assert "did you mean `ana`" in ended.stderr
    ended = demo.as_("ana@passenger-uat", "true", ok=False)
    assert ended.returncode == 2
    assert "did you mean `passengers-uat`" in ended.stderr


def test_show_tells_the_tree(demo: Demo) -> None:
    told = demo.run("show").stdout
    for word in ("passengers-production", "release", "delays"):
        assert word in told
    assert json.loads(demo.run("show", "--json").stdout)
