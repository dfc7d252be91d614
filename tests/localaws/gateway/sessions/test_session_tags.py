"""Source identity and tags: who may give them to a session, and how far they go with it.

Source: IAM User Guide, "Passing session tags in AWS STS", "Monitor and control actions taken with
assumed roles".
"""

from __future__ import annotations

import pytest
from refusals import refusal
from session_calls import ALL, UNCHECKED, assumed, inside
from statements import allow, trust


def test_source_identity_is_set_once_and_carried(local_aws, admin, account, role):
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    may = [allow(ALL)]
    last = role(trust(root, ALL, StringEquals={"aws:SourceIdentity": "ana"}))
    first = role(trust(root, ALL), may=may)
    plain = role(trust(root), may=may)
    sts = local_aws.client("sts", admin)
    refused = {"RoleArn": plain, "RoleSessionName": "test", "SourceIdentity": "ana"}
    assert refusal(sts.assume_role, **refused) == "AccessDenied"
    answer = assumed(local_aws, admin, first, SourceIdentity="ana")
    assert answer["SourceIdentity"] == "ana"
    session = local_aws.session_of(answer["Credentials"])
    assert assumed(local_aws, session, last)["SourceIdentity"] == "ana"
    again = local_aws.client("sts", session).assume_role
    known = {"RoleArn": last, "RoleSessionName": "test"}
    assert refusal(again, **known, SourceIdentity="ben") == "AccessDenied"
    assert again(**known, SourceIdentity="ana")["SourceIdentity"] == "ana"
    # A role that gives no leave to set one is not entered by who carries one.
    assert refusal(again, RoleArn=plain, RoleSessionName="test") == "AccessDenied"
    assert "SourceIdentity" not in assumed(local_aws, admin, plain)
    known = {"RoleArn": first, "RoleSessionName": "test"}
    for wrong in ("a", "aws:me", "a b", "ä" * 3, "x" * 65):
        unchecked = local_aws.client("sts", admin, config=UNCHECKED).assume_role
        assert refusal(unchecked, **known, SourceIdentity=wrong) == "ValidationError"


@pytest.mark.parametrize(
    ("tags", "keys", "code"),
    [
        ([("Team", "a")], [], ""),
        ([("Team", "a"), ("team", "b")], [], "InvalidParameterValue"),
        ([("aws:Team", "a")], [], "InvalidParameterValue"),
        ([("Te!am", "a")], [], "ValidationError"),
        ([("k" * 129, "a")], [], "ValidationError"),
        ([("Team", "a" * 257)], [], "ValidationError"),
        ([(f"k{i}", "") for i in range(50)], [], ""),
        ([(f"k{i}", "") for i in range(51)], [], "ValidationError"),
        ([("Team", "a")], ["Other"], "InvalidParameterValue"),
        ([("Team", "a")], ["TEAM"], ""),
    ],
)
def test_session_tags_have_rules(local_aws, admin, account, role, tags, keys, code):
    arn = role(trust({"AWS": f"arn:aws:iam::{account}:root"}, ALL))
    given = {"Tags": [{"Key": k, "Value": v} for k, v in tags], "TransitiveTagKeys": keys}
    params = {"RoleArn": arn, "RoleSessionName": "test", **given}
    assume = local_aws.client("sts", admin).assume_role
    if code:
        assert refusal(assume, **params) == code
    else:
        assert assume(**params)["PackedPolicySize"] > 0


def test_transitive_tags_go_on_and_others_do_not(local_aws, admin, account, role):
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    tagged = {"StringEquals": {"aws:PrincipalTag/Team": "risk"}}
    may = [allow("ssm:DescribeParameters", Condition=tagged), allow(ALL)]
    second = role(trust(root, ALL), may=may, Tags=[{"Key": "Team", "Value": "role"}])
    untagged = role(trust(root), may=may)
    first = role(trust(root, ALL), may=may)
    tags = [{"Key": "Team", "Value": "risk"}, {"Key": "Desk", "Value": "7"}]
    carried = inside(local_aws, admin, first, Tags=tags, TransitiveTagKeys=["Team"])
    dropped = inside(local_aws, admin, first, Tags=tags)
    local_aws.client("ssm", carried).describe_parameters()
    local_aws.client("ssm", dropped).describe_parameters()
    local_aws.client("ssm", inside(local_aws, carried, second)).describe_parameters()
    other = local_aws.client("ssm", inside(local_aws, dropped, second))
    assert refusal(other.describe_parameters) == "AccessDeniedException"
    sts = local_aws.client("sts", carried)
    over = [{"Key": "team", "Value": "else"}]
    known = {"RoleArn": second, "RoleSessionName": "test"}
    assert refusal(sts.assume_role, **known, Tags=over) == "AccessDenied"
    more = [{"Key": "Desk", "Value": "8"}]
    assert sts.assume_role(**known, Tags=more)["AssumedRoleUser"]
    # A role that does not let tags in is not entered by who carries some.
    assert refusal(sts.assume_role, RoleArn=untagged, RoleSessionName="test") == "AccessDenied"
    assert assumed(local_aws, dropped, untagged)["Credentials"]


def test_conditions_on_tags_that_are_passed(local_aws, admin, account, role):
    arn = role(
        trust(
            {"AWS": f"arn:aws:iam::{account}:root"},
            ALL,
            StringEquals={"aws:RequestTag/Team": ["a", "b"]},
            **{
                "ForAllValues:StringEquals": {
                    "aws:TagKeys": ["Team"],
                    "sts:TransitiveTagKeys": ["Team"],
                }
            },
        )
    )
    assume, known = local_aws.client("sts", admin).assume_role, {"RoleSessionName": "test"}
    team = [{"Key": "Team", "Value": "a"}]
    assume(RoleArn=arn, **known, Tags=team, TransitiveTagKeys=["Team"])
    for wrong in ([{"Key": "Team", "Value": "c"}], [*team, {"Key": "X", "Value": "y"}], []):
        assert refusal(assume, RoleArn=arn, **known, Tags=wrong) == "AccessDenied"
