"""Permission sets become reserved roles in accounts, and people with an assignment enter them.

Source: IAM Identity Center User Guide, "Referencing permission sets in resource policies, Amazon
EKS Cluster config maps, and AWS KMS key policies"; API Reference.
"""

from __future__ import annotations

import re
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from refusals import refusal
from statements import document

REGION = "eu-west-1"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


class Center:
    """Identity Center of the organization, with users and groups."""

    def __init__(self, local: Any) -> None:
        self.local = local
        self.admin = local.client("sso-admin")
        found = self.admin.list_instances()["Instances"][0]
        self.instance, self.store = found["InstanceArn"], found["IdentityStoreId"]
        self.people = local.client("identitystore")

    def user(self, name: str) -> str:
        """Make a user; return its id."""
        return str(
            self.people.create_user(
                IdentityStoreId=self.store,
                UserName=name,
                DisplayName=name,
                Name={"GivenName": name, "FamilyName": name},
            )["UserId"]
        )

    def permission_set(self, name: str, **more: Any) -> str:
        """Make a permission set; return its ARN."""
        made = self.admin.create_permission_set(InstanceArn=self.instance, Name=name, **more)
        return str(made["PermissionSet"]["PermissionSetArn"])

    def known(self, arn: str) -> dict[str, str]:
        """The parameters that name a permission set."""
        return {"InstanceArn": self.instance, "PermissionSetArn": arn}

    def assign(self, arn: str, account: str, who: str, kind: str = "USER") -> dict[str, Any]:
        """Assign it, and return how that went as the API tells it afterwards."""
        status = self.admin.create_account_assignment(
            **self.known(arn),
            TargetId=account,
            TargetType="AWS_ACCOUNT",
            PrincipalType=kind,
            PrincipalId=who,
        )["AccountAssignmentCreationStatus"]
        told: dict[str, Any] = self.admin.describe_account_assignment_creation_status(
            InstanceArn=self.instance, AccountAssignmentCreationRequestId=status["RequestId"]
        )["AccountAssignmentCreationStatus"]
        return told

    def unassign(self, arn: str, account: str, who: str, kind: str = "USER") -> None:
        """Take it back."""
        self.admin.delete_account_assignment(
            **self.known(arn),
            TargetId=account,
            TargetType="AWS_ACCOUNT",
            PrincipalType=kind,
            PrincipalId=who,
        )

    def roles(self, account: str, name: str) -> list[dict[str, Any]]:
        """The roles of a permission set in an account."""
        iam = self.local.client("iam", self.local.administrator(account))
        found = iam.list_roles(PathPrefix="/aws-reserved/sso.amazonaws.com/")["Roles"]
        return [r for r in found if r["RoleName"].startswith(f"AWSReservedSSO_{name}_")]

    def portal(self) -> Any:
        """The access portal, which takes no signatures."""
        return boto3.client(
            "sso",
            region_name=REGION,
            endpoint_url=self.local.endpoint,
            config=Config(signature_version=UNSIGNED, retries={"max_attempts": 0}),
        )

    def enter(self, user: str, account: str, name: str) -> boto3.Session:
        """A session of a user in a permission set's role."""
        found = self.portal().get_role_credentials(
            accountId=account, roleName=name, accessToken=self.local.token(user)
        )["roleCredentials"]
        return boto3.Session(
            found["accessKeyId"],
            found["secretAccessKey"],
            found["sessionToken"],
            region_name=REGION,
        )


@pytest.fixture(scope="module")
def account(local_aws):
    return local_aws.account("assigned")


@pytest.fixture(scope="module")
def center(local_aws, account):
    assert account
    return Center(local_aws)


def test_an_assignment_makes_the_role_and_lets_its_person_in(local_aws, center, account, unique):
    ana, name = unique("ana"), unique("Readers")
    arn = center.permission_set(name, Description="reads", SessionDuration="PT2H")
    center.admin.attach_managed_policy_to_permission_set(
        **center.known(arn), ManagedPolicyArn=READ_ONLY
    )
    inline = document({"Effect": "Deny", "Action": "ssm:*", "Resource": "*"})
    center.admin.put_inline_policy_to_permission_set(**center.known(arn), InlinePolicy=inline)
    assert center.roles(account, name) == []
    status = center.assign(arn, account, center.user(ana))
    assert status["Status"] == "SUCCEEDED"
    role = center.roles(account, name)[0]
    assert re.fullmatch(rf"AWSReservedSSO_{name}_[0-9a-f]{{16}}", role["RoleName"])
    assert role["Path"] == f"/aws-reserved/sso.amazonaws.com/{REGION}/"
    assert role["Description"] == "reads"
    trust = role["AssumeRolePolicyDocument"]["Statement"][0]
    assert re.fullmatch(
        rf"arn:aws:iam::{account}:saml-provider/AWSSSO_[0-9a-f]{{16}}_DO_NOT_DELETE",
        trust["Principal"]["Federated"],
    )
    assert trust["Action"] == ["sts:AssumeRoleWithSAML", "sts:TagSession"]
    session = center.enter(ana, account, name)
    who = local_aws.client("sts", session).get_caller_identity()["Arn"]
    assert who == f"arn:aws:sts::{account}:assumed-role/{role['RoleName']}/{ana}"
    local_aws.client("iam", session).list_roles()
    assert refusal(local_aws.client("ssm", session).describe_parameters) == "AccessDeniedException"
    assert refusal(local_aws.client("iam", session).create_user, UserName="x") == "AccessDenied"
    portal, token = center.portal(), local_aws.token(ana)
    accounts = portal.list_accounts(accessToken=token)["accountList"]
    assert [a["accountId"] for a in accounts] == [account]
    roles = portal.list_account_roles(accessToken=token, accountId=account)["roleList"]
    assert [r["roleName"] for r in roles] == [name]


def test_who_is_not_assigned_does_not_get_in(local_aws, center, account, unique):
    ben, name = unique("ben"), unique("Closed")
    arn = center.permission_set(name)
    center.assign(arn, account, center.user(unique("other")))
    center.user(ben)
    portal = center.portal()
    for user in (ben, unique("stranger")):
        wanted = {"accountId": account, "roleName": name, "accessToken": local_aws.token(user)}
        assert refusal(portal.get_role_credentials, **wanted) == "ForbiddenException"
    forged = {"accountId": account, "roleName": name, "accessToken": "eyJhbGciOiJub25lIn0.e30."}
    assert refusal(portal.get_role_credentials, **forged) == "UnauthorizedException"


def test_groups_are_assigned_too(local_aws, center, account, unique):
    eva, name = unique("eva"), unique("Team")
    arn, user = center.permission_set(name), center.user(eva)
    group = center.people.create_group(IdentityStoreId=center.store, DisplayName=unique("group"))
    center.assign(arn, account, group["GroupId"], "GROUP")
    wanted = {"accountId": account, "roleName": name, "accessToken": local_aws.token(eva)}
    assert refusal(center.portal().get_role_credentials, **wanted) == "ForbiddenException"
    center.people.create_group_membership(
        IdentityStoreId=center.store, GroupId=group["GroupId"], MemberId={"UserId": user}
    )
    session = center.enter(eva, account, name)
    assert local_aws.client("sts", session).get_caller_identity()["Account"] == account


def test_changes_count_once_they_are_provisioned(local_aws, center, account, unique):
    ana, name = unique("ana"), unique("Changing")
    arn = center.permission_set(name)
    center.assign(arn, account, center.user(ana))
    role = center.roles(account, name)[0]["RoleName"]
    ssm = local_aws.client("ssm", center.enter(ana, account, name))
    assert refusal(ssm.describe_parameters) == "AccessDeniedException"
    center.admin.attach_managed_policy_to_permission_set(
        **center.known(arn), ManagedPolicyArn=READ_ONLY
    )
    assert refusal(ssm.describe_parameters) == "AccessDeniedException"
    known = center.known(arn)
    asked = center.admin.provision_permission_set(**known, TargetType="ALL_PROVISIONED_ACCOUNTS")
    status = asked["PermissionSetProvisioningStatus"]
    told = center.admin.describe_permission_set_provisioning_status(
        InstanceArn=center.instance, ProvisionPermissionSetRequestId=status["RequestId"]
    )["PermissionSetProvisioningStatus"]
    assert told["Status"] == "SUCCEEDED"
    ssm.describe_parameters()
    center.admin.put_permissions_boundary_to_permission_set(
        **known,
        PermissionsBoundary={"ManagedPolicyArn": "arn:aws:iam::aws:policy/IAMReadOnlyAccess"},
    )
    center.admin.provision_permission_set(**known, TargetType="AWS_ACCOUNT", TargetId=account)
    assert refusal(ssm.describe_parameters) == "AccessDeniedException"
    center.admin.delete_permissions_boundary_from_permission_set(**known)
    center.admin.provision_permission_set(**known, TargetType="AWS_ACCOUNT", TargetId=account)
    ssm.describe_parameters()
    center.admin.detach_managed_policy_from_permission_set(**known, ManagedPolicyArn=READ_ONLY)
    center.admin.provision_permission_set(**known, TargetType="AWS_ACCOUNT", TargetId=account)
    assert refusal(ssm.describe_parameters) == "AccessDeniedException"
    assert center.roles(account, name)[0]["RoleName"] == role


def test_the_last_assignment_takes_the_role_with_it(center, account, unique):
    name = unique("Gone")
    arn, one, two = center.permission_set(name), *(center.user(unique("u")) for _ in "ab")
    center.assign(arn, account, one)
    center.assign(arn, account, two)
    assert len(center.roles(account, name)) == 1
    assert refusal(center.admin.delete_permission_set, **center.known(arn)) == "ConflictException"
    listed = center.admin.list_accounts_for_provisioned_permission_set(**center.known(arn))
    assert listed["AccountIds"] == [account]
    center.unassign(arn, account, one)
    assert len(center.roles(account, name)) == 1
    center.unassign(arn, account, two)
    assert center.roles(account, name) == []
    center.admin.delete_permission_set(**center.known(arn))


def test_nobody_in_the_account_changes_a_reserved_role(local_aws, center, account, unique):
    name = unique("Kept")
    arn = center.permission_set(name)
    center.assign(arn, account, center.user(unique("ana")))
    role = center.roles(account, name)[0]["RoleName"]
    iam = local_aws.client("iam", local_aws.administrator(account))
    trust = document({"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"})
    allow = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
    for call, params in (
        (iam.attach_role_policy, {"PolicyArn": READ_ONLY}),
        (iam.put_role_policy, {"PolicyName": "x", "PolicyDocument": allow}),
        (iam.update_assume_role_policy, {"PolicyDocument": trust}),
        (iam.update_role, {"MaxSessionDuration": 3600}),
        (iam.tag_role, {"Tags": [{"Key": "a", "Value": "b"}]}),
        (iam.put_role_permissions_boundary, {"PermissionsBoundary": READ_ONLY}),
        (iam.delete_role, {}),
    ):
        assert refusal(call, RoleName=role, **params) == "UnmodifiableEntity"
    made = {"RoleName": "x", "AssumeRolePolicyDocument": trust}
    path = "/aws-reserved/sso.amazonaws.com/"
    assert refusal(iam.create_role, **made, Path=path) == "UnmodifiableEntity"
    other = unique("own")
    iam.create_role(RoleName=other, AssumeRolePolicyDocument=trust)
    iam.delete_role(RoleName=other)


def test_what_cannot_be_assigned(local_aws, center, account, unique):
    name = unique("Wrong")
    arn, user = center.permission_set(name), center.user(unique("ana"))
    assert refusal(center.assign, arn=arn, account="123456789012", who=user) == (
        "ResourceNotFoundException"
    )
    nobody = "00000000-0000-0000-0000-000000000000"
    assert refusal(center.assign, arn=arn, account=account, who=nobody) == (
        "ResourceNotFoundException"
    )
    center.admin.attach_customer_managed_policy_reference_to_permission_set(
        **center.known(arn), CustomerManagedPolicyReference={"Name": "absent", "Path": "/"}
    )
    status = center.assign(arn, account, user)
    assert status["Status"] == "FAILED"
    assert "absent" in status["FailureReason"]
    assert center.roles(account, name) == []
    listed = center.admin.list_account_assignments(**center.known(arn), AccountId=account)
    assert listed["AccountAssignments"] == []
    local_aws.client("iam", local_aws.administrator(account)).create_policy(
        PolicyName="absent",
        PolicyDocument=document({"Effect": "Allow", "Action": "ssm:*", "Resource": "*"}),
    )
    assert center.assign(arn, account, user)["Status"] == "SUCCEEDED"
    # A member's own instance cannot reach into other accounts.
    other = local_aws.client("sso-admin", local_aws.administrator(account))
    own = other.list_instances()["Instances"][0]["InstanceArn"]
    made = other.create_permission_set(InstanceArn=own, Name="Own")["PermissionSet"]
    code = refusal(
        other.create_account_assignment,
        InstanceArn=own,
        PermissionSetArn=made["PermissionSetArn"],
        TargetId=local_aws.management_account,
        TargetType="AWS_ACCOUNT",
        PrincipalType="USER",
        PrincipalId=user,
    )
    assert code == "AccessDeniedException"
