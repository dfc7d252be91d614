"""Sessions and the users and roles behind them: what changes with those, and ends with them.

Source: IAM User Guide, "AWS JSON policy elements: Principal", "IAM identifiers".
"""

from __future__ import annotations

import boto3
from refusals import refusal
from session_calls import assumed, inside
from statements import allow, document, trust


def test_a_role_trusts_itself_only_when_it_says_so(local_aws, iam, admin, account, role):
    root = f"arn:aws:iam::{account}:root"
    arn = role(trust({"AWS": f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"}))
    session = inside(local_aws, admin, arn)
    again = local_aws.client("sts", session).assume_role
    assert refusal(again, RoleArn=arn, RoleSessionName="test") == "AccessDenied"
    iam.update_assume_role_policy(
        RoleName=arn.rpartition("/")[2], PolicyDocument=document(trust({"AWS": [root, arn]}))
    )
    assert again(RoleArn=arn, RoleSessionName="test")["Credentials"]


def test_groups_and_boundaries_of_users_are_in_force(local_aws, iam, account, user, unique):
    name, session = user()
    ssm = local_aws.client("ssm", session)
    assert refusal(ssm.describe_parameters) == "AccessDeniedException"
    group = unique("group")
    iam.create_group(GroupName=group)
    both = document(allow(["ssm:*", "sqs:*"]))
    iam.put_group_policy(GroupName=group, PolicyName="own", PolicyDocument=both)
    iam.add_user_to_group(GroupName=group, UserName=name)
    ssm.describe_parameters()
    boundary = iam.create_policy(
        PolicyName=unique("boundary"), PolicyDocument=document(allow("sqs:*"))
    )["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName=name, PermissionsBoundary=boundary)
    assert refusal(ssm.describe_parameters) == "AccessDeniedException"
    local_aws.client("sqs", session).list_queues()
    iam.delete_user_permissions_boundary(UserName=name)
    ssm.describe_parameters()
    iam.remove_user_from_group(GroupName=group, UserName=name)
    assert refusal(ssm.describe_parameters) == "AccessDeniedException"


def test_a_deleted_users_sessions_end(local_aws, iam, user):
    name, session = user(allow("sts:*"))
    sts = local_aws.client("sts", session)
    own = local_aws.client("sts", local_aws.session_of(sts.get_session_token()["Credentials"]))
    fed = local_aws.client(
        "sts", local_aws.session_of(sts.get_federation_token(Name="ana")["Credentials"])
    )
    own.get_caller_identity()
    fed.get_caller_identity()
    iam.delete_access_key(UserName=name, AccessKeyId=session.get_credentials().access_key)
    own.get_caller_identity()
    iam.delete_user_policy(UserName=name, PolicyName="own")
    iam.delete_user(UserName=name)
    assert refusal(own.get_caller_identity) == "InvalidClientTokenId"
    assert refusal(fed.get_caller_identity) == "InvalidClientTokenId"
    iam.create_user(UserName=name)
    assert refusal(own.get_caller_identity) == "InvalidClientTokenId"


def test_one_made_anew_is_not_who_was_trusted(local_aws, iam, admin, account, role, user, unique):
    """Trust policies, key policies and bucket policies mean the role that was, not its name."""
    name = unique("partner")
    root = document(trust({"AWS": f"arn:aws:iam::{account}:root"}))

    def partner() -> str:
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=root)["Role"]["Arn"]
        return str(arn)

    arn = partner()
    opened = role(trust({"AWS": arn}))
    s3, bucket = local_aws.client("s3", admin), unique("partners")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    read = {**allow("s3:ListBucket", f"arn:aws:s3:::{bucket}"), "Principal": {"AWS": [arn]}}
    s3.put_bucket_policy(Bucket=bucket, Policy=document(read))
    session = inside(local_aws, admin, arn)
    assert assumed(local_aws, session, opened)["Credentials"]
    local_aws.client("s3", session).list_objects_v2(Bucket=bucket)
    unique_id = iam.get_role(RoleName=name)["Role"]["RoleId"]
    iam.delete_role(RoleName=name)
    assert partner() == arn
    again = inside(local_aws, admin, arn)
    code = refusal(local_aws.client("s3", again).list_objects_v2, Bucket=bucket)
    assert code == "AccessDenied"
    enter = local_aws.client("sts", again).assume_role
    assert refusal(enter, RoleArn=opened, RoleSessionName="test") == "AccessDenied"
    found = iam.get_role(RoleName=opened.rpartition("/")[2])["Role"]
    statement = found["AssumeRolePolicyDocument"]["Statement"][0]
    assert statement["Principal"] == {"AWS": unique_id}
    assert unique_id in s3.get_bucket_policy(Bucket=bucket)["Policy"]
    iam.update_assume_role_policy(
        RoleName=opened.rpartition("/")[2], PolicyDocument=document(trust({"AWS": arn}))
    )
    assert enter(RoleArn=opened, RoleSessionName="test")["Credentials"]
    person, own = user(allow("sts:AssumeRole"))
    theirs = role(trust({"AWS": f"arn:aws:iam::{account}:user/{person}"}))
    assert assumed(local_aws, own, theirs)["Credentials"]
    key = own.get_credentials().access_key
    iam.delete_access_key(UserName=person, AccessKeyId=key)
    iam.delete_user_policy(UserName=person, PolicyName="own")
    iam.delete_user(UserName=person)
    iam.create_user(UserName=person)
    made = iam.create_access_key(UserName=person)["AccessKey"]
    anew = boto3.Session(made["AccessKeyId"], made["SecretAccessKey"], region_name="eu-west-1")
    enter = local_aws.client("sts", anew).assume_role
    assert refusal(enter, RoleArn=theirs, RoleSessionName="test") == "AccessDenied"
