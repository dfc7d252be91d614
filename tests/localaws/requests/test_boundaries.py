"""Delegation under a boundary, over real calls: the boundary asked for, or that of the role."""

from __future__ import annotations

import json

from refusals import refusal


def test_a_boundary_is_seen_by_whoever_delegates(local_aws, unique):
    account = local_aws.account("lists")
    admin = local_aws.client("iam", local_aws.administrator(account))
    limits = admin.create_policy(
        PolicyName=unique("limits"),
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
            }
        ),
    )["Policy"]["Arn"]
    delegate = {
        "Effect": "Allow",
        "Action": ["iam:CreateRole", "iam:PutRolePolicy"],
        "Resource": "*",
        "Condition": {"StringEquals": {"iam:PermissionsBoundary": limits}},
    }
    role = local_aws.role(
        account, unique("delegate"), {"Version": "2012-10-17", "Statement": [delegate]}
    )
    iam = local_aws.client("iam", local_aws.assume(role))
    trust = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    free, bounded = unique("free"), unique("bounded")
    made = {"AssumeRolePolicyDocument": document}
    assert refusal(iam.create_role, RoleName=free, **made) == "AccessDenied"
    admin.create_role(RoleName=free, **made)
    iam.create_role(RoleName=bounded, PermissionsBoundary=limits, **made)
    entering = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    grant = json.dumps({"Version": "2012-10-17", "Statement": [entering]})
    put = {"PolicyName": "p", "PolicyDocument": grant}
    assert refusal(iam.put_role_policy, RoleName=free, **put) == "AccessDenied"
    iam.put_role_policy(RoleName=bounded, **put)
