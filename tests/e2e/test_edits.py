"""Out-of-band edits: a plan names exactly what was changed, an apply mends it, and then there is
nothing left to do."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.e2e.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")


def _account(demo: Demo, name: str) -> str:
    accounts = demo.aws("olga@management", "organizations", "list-accounts")["Accounts"]
    return str(next(a["Id"] for a in accounts if a["Name"].endswith(name)))


def _suspend_versioning(demo: Demo) -> set[str]:
    who = "break-glass@passengers-data-science"
    buckets = demo.aws(who, "s3api", "list-buckets")["Buckets"]
    bucket = next(b["Name"] for b in buckets if "workspace" in b["Name"])
    demo.as_(
        who, "aws", "s3api", "put-bucket-versioning", "--bucket", bucket,
        "--versioning-configuration", "Status=Suspended",
    )  # fmt: skip
    return {"passengers-data-science/"}


def _detach_scp(demo: Demo) -> set[str]:
    roots = demo.aws("olga@management", "organizations", "list-roots")["Roots"]
    root = roots[0]["Id"]
    attached = demo.aws(
        "olga@management", "organizations", "list-policies-for-target",
        "--target-id", root, "--filter", "SERVICE_CONTROL_POLICY",
    )["Policies"]  # fmt: skip
    policy = next(p for p in attached if p["Name"] != "FullAWSAccess")
    demo.as_(
        "olga@management", "aws", "organizations", "detach-policy",
        "--policy-id", policy["Id"], "--target-id", root,
    )  # fmt: skip
    return {"organization/attachment/"}


def _delete_stack(demo: Demo) -> set[str]:
    who = "break-glass@cargo-uat"
    demo.as_(who, "aws", "cloudformation", "delete-stack", "--stack-name", "landrail-detect")
    demo.as_(
        who, "aws", "cloudformation", "wait", "stack-delete-complete", "--stack-name",
        "landrail-detect", timeout=120,
    )  # fmt: skip
    return {"cargo-uat/landrail-detect"}


def _edit_trust(demo: Demo) -> set[str]:
    who = "break-glass@passengers-production"
    account = _account(demo, "passengers-production")
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    demo.as_(
        who, "aws", "iam", "update-assume-role-policy", "--role-name", "release",
        "--policy-document", json.dumps(trust),
    )  # fmt: skip
    return {"passengers-production/"}


def _move_account(demo: Demo) -> set[str]:
    account = _account(demo, "cargo-production")
    parents = demo.aws("olga@management", "organizations", "list-parents", "--child-id", account)
    root = demo.aws("olga@management", "organizations", "list-roots")["Roots"][0]["Id"]
    demo.as_(
        "olga@management", "aws", "organizations", "move-account", "--account-id", account,
        "--source-parent-id", parents["Parents"][0]["Id"], "--destination-parent-id", root,
    )  # fmt: skip
    return {"organization/account/cargo-production"}


@pytest.mark.soak  # a smaller platform sees them in every run: `tests/operations`
@pytest.mark.parametrize(
    "edit", [_suspend_versioning, _detach_scp, _delete_stack, _edit_trust, _move_account]
)
def test_an_edit_is_named_and_mended(demo: Demo, edit: Callable[[Demo], set[str]]) -> None:
    assert demo.plan() == {}
    expected = edit(demo)
    planned = demo.plan()
    assert len(planned) == 1, planned
    assert all(address.startswith(tuple(expected)) for address in planned), planned
    result = demo.apply()
    assert result["ok"]
    assert set(result["done"]) == set(planned)
    assert demo.plan() == {}
