"""What sessions carry: source identity, tags, policies, MFA; and what they may never do.

Source: IAM User Guide, "Compare AWS STS credentials", "Passing session tags in AWS STS", "Monitor
and control actions taken with assumed roles", "Secure API access with MFA".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

ISSUER = "identity.landrail.local"
UNCHECKED = Config(parameter_validation=False, retries={"max_attempts": 0})


def _error(call: Any, **params: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return str(error["Code"]), str(error["Message"])


def _code(call: Any, **params: Any) -> str:
    return _error(call, **params)[0]


def _document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _allow(action: Any, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def _trust(who: Any, action: Any = "sts:AssumeRole", **condition: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"Effect": "Allow", "Principal": who, "Action": action}
    return {**found, "Condition": condition} if condition else found


ALL = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]


@pytest.fixture(scope="module")
def account(local_aws):
    return local_aws.account("carried")


@pytest.fixture(scope="module")
def admin(local_aws, account):
    return local_aws.administrator(account)


@pytest.fixture(scope="module")
def iam(local_aws, admin):
    return local_aws.client("iam", admin)


@pytest.fixture
def role(iam, account, unique):
    """Make a role: who may enter it, and what it may do."""

    def make(*trust: dict[str, Any], may: Any = (), **more: Any) -> str:
        name = unique("role")
        found = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_document(*trust), **more)[
            "Role"
        ]["Arn"]
        if may:
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=_document(*may))
        return str(found)

    return make


@pytest.fixture
def user(local_aws, iam, unique):
    """Make a user with a key and a policy."""

    def make(*may: dict[str, Any], **more: Any) -> tuple[str, boto3.Session]:
        name = unique("user")
        iam.create_user(UserName=name, **more)
        if may:
            iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=_document(*may))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        made = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name="eu-west-1")
        return name, made

    return make


def _assume(local: Any, by: Any, arn: str, **more: Any) -> Any:
    return local.client("sts", by).assume_role(RoleArn=arn, RoleSessionName="test", **more)


def _in(local: Any, by: Any, arn: str, **more: Any) -> boto3.Session:
    return local.session_of(_assume(local, by, arn, **more)["Credentials"])


def test_source_identity_is_set_once_and_carried(local_aws, admin, account, role):
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    may = [_allow(ALL)]
    last = role(_trust(root, ALL, StringEquals={"aws:SourceIdentity": "ana"}))
    first = role(_trust(root, ALL), may=may)
    plain = role(_trust(root), may=may)
    sts = local_aws.client("sts", admin)
    refused = {"RoleArn": plain, "RoleSessionName": "test", "SourceIdentity": "ana"}
    assert _code(sts.assume_role, **refused) == "AccessDenied"
    answer = _assume(local_aws, admin, first, SourceIdentity="ana")
    assert answer["SourceIdentity"] == "ana"
    session = local_aws.session_of(answer["Credentials"])
    assert _assume(local_aws, session, last)["SourceIdentity"] == "ana"
    again = local_aws.client("sts", session).assume_role
    known = {"RoleArn": last, "RoleSessionName": "test"}
    assert _code(again, **known, SourceIdentity="ben") == "AccessDenied"
    assert again(**known, SourceIdentity="ana")["SourceIdentity"] == "ana"
    # A role that gives no leave to set one is not entered by who carries one.
    assert _code(again, RoleArn=plain, RoleSessionName="test") == "AccessDenied"
    assert "SourceIdentity" not in _assume(local_aws, admin, plain)
    known = {"RoleArn": first, "RoleSessionName": "test"}
    for wrong in ("a", "aws:me", "a b", "ä" * 3, "x" * 65):
        unchecked = local_aws.client("sts", admin, config=UNCHECKED).assume_role
        assert _code(unchecked, **known, SourceIdentity=wrong) == "ValidationError"


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
    arn = role(_trust({"AWS": f"arn:aws:iam::{account}:root"}, ALL))
    given = {"Tags": [{"Key": k, "Value": v} for k, v in tags], "TransitiveTagKeys": keys}
    params = {"RoleArn": arn, "RoleSessionName": "test", **given}
    assume = local_aws.client("sts", admin).assume_role
    if code:
        assert _code(assume, **params) == code
    else:
        assert assume(**params)["PackedPolicySize"] > 0


def test_transitive_tags_go_on_and_others_do_not(local_aws, admin, account, role):
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    tagged = {"StringEquals": {"aws:PrincipalTag/Team": "risk"}}
    may = [_allow("ssm:DescribeParameters", Condition=tagged), _allow(ALL)]
    second = role(_trust(root, ALL), may=may, Tags=[{"Key": "Team", "Value": "role"}])
    untagged = role(_trust(root), may=may)
    first = role(_trust(root, ALL), may=may)
    tags = [{"Key": "Team", "Value": "risk"}, {"Key": "Desk", "Value": "7"}]
    carried = _in(local_aws, admin, first, Tags=tags, TransitiveTagKeys=["Team"])
    dropped = _in(local_aws, admin, first, Tags=tags)
    local_aws.client("ssm", carried).describe_parameters()
    local_aws.client("ssm", dropped).describe_parameters()
    local_aws.client("ssm", _in(local_aws, carried, second)).describe_parameters()
    other = local_aws.client("ssm", _in(local_aws, dropped, second))
    assert _code(other.describe_parameters) == "AccessDeniedException"
    sts = local_aws.client("sts", carried)
    over = [{"Key": "team", "Value": "else"}]
    known = {"RoleArn": second, "RoleSessionName": "test"}
    assert _code(sts.assume_role, **known, Tags=over) == "AccessDenied"
    more = [{"Key": "Desk", "Value": "8"}]
    assert sts.assume_role(**known, Tags=more)["AssumedRoleUser"]
    # A role that does not let tags in is not entered by who carries some.
    assert _code(sts.assume_role, RoleArn=untagged, RoleSessionName="test") == "AccessDenied"
    assert _assume(local_aws, dropped, untagged)["Credentials"]


def test_conditions_on_tags_that_are_passed(local_aws, admin, account, role):
    arn = role(
        _trust(
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
        assert _code(assume, RoleArn=arn, **known, Tags=wrong) == "AccessDenied"


def test_durations(local_aws, admin, account, role):
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    arn = role(_trust(root), may=[_allow("sts:AssumeRole")], MaxSessionDuration=43200)
    short = role(_trust(root))
    own = local_aws.bootstrap
    elsewhere = role(_trust({"AWS": local_aws.management_account}), MaxSessionDuration=43200)
    assume = local_aws.client("sts", own, config=UNCHECKED).assume_role
    known = {"RoleSessionName": "test"}
    answer = assume(RoleArn=elsewhere, **known, DurationSeconds=43200)
    left = answer["Credentials"]["Expiration"].timestamp() - time.time()
    assert 43100 < left <= 43200
    for seconds in (899, 43201):
        wrong = {"RoleArn": elsewhere, **known, "DurationSeconds": seconds}
        assert _code(assume, **wrong) == "ValidationError"
    chained = local_aws.client("sts", admin).assume_role
    assert chained(RoleArn=arn, **known, DurationSeconds=3600)["Credentials"]
    code, message = _error(chained, RoleArn=arn, **known, DurationSeconds=3601)
    assert code == "ValidationError"
    assert "role chaining" in message
    assert chained(RoleArn=short, **known, DurationSeconds=900)["Credentials"]


@pytest.mark.parametrize("name", ["a", "a b", "x" * 65, "ana/x", "ünal", "a:b", ""])
def test_names_of_sessions(local_aws, admin, account, role, name):
    arn = role(_trust({"AWS": f"arn:aws:iam::{account}:root"}))
    client = local_aws.client("sts", admin, config=UNCHECKED)
    assert _code(client.assume_role, RoleArn=arn, RoleSessionName=name) == "ValidationError"
    assert client.assume_role(RoleArn=arn, RoleSessionName="ana+x=y,z.@-_1")["Credentials"]


def test_external_ids(local_aws, admin, account, role):
    arn = role(
        _trust({"AWS": f"arn:aws:iam::{account}:root"}, StringEquals={"sts:ExternalId": "a:b/c-1"})
    )
    assume = local_aws.client("sts", admin).assume_role
    known = {"RoleArn": arn, "RoleSessionName": "test"}
    assert assume(**known, ExternalId="a:b/c-1")["Credentials"]
    assert _code(assume, **known, ExternalId="other") == "AccessDenied"
    assert _code(assume, **known) == "AccessDenied"


def test_session_policies(local_aws, iam, admin, account, role, unique):
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    arn = role(_trust(root), may=[_allow("*")])
    made = iam.create_policy(
        PolicyName=unique("only"), PolicyDocument=_document(_allow("iam:ListRoles"))
    )["Policy"]["Arn"]
    by_arn = _in(local_aws, admin, arn, PolicyArns=[{"arn": made}])
    local_aws.client("iam", by_arn).list_roles()
    assert _code(local_aws.client("iam", by_arn).list_users) == "AccessDenied"
    both = _in(
        local_aws, admin, arn, PolicyArns=[{"arn": made}], Policy=_document(_allow("iam:ListUsers"))
    )
    local_aws.client("iam", both).list_users()
    local_aws.client("iam", both).list_roles()
    assert _code(local_aws.client("iam", both).list_groups) == "AccessDenied"
    assume = local_aws.client("sts", admin).assume_role
    known = {"RoleArn": arn, "RoleSessionName": "test"}
    assert _code(assume, **known, PolicyArns=[{"arn": made + "x"}]) == "ValidationError"
    assert _code(assume, **known, PolicyArns=[{"arn": made}] * 11) == "ValidationError"
    assert _code(assume, **known, Policy="{") == "MalformedPolicyDocument"
    assert _code(assume, **known, Policy="[]") == "MalformedPolicyDocument"
    principal = {**_allow("*"), "Principal": "*"}
    assert _code(assume, **known, Policy=_document(principal)) == "MalformedPolicyDocument"
    noise = hashlib.sha512(b"x").hexdigest() + hashlib.sha512(b"y").hexdigest()
    tags = [
        {
            "Key": f"k{i}",
            "Value": base64.b64encode(hashlib.sha512(str(i).encode()).digest()).decode()[:80],
        }
        for i in range(50)
    ]
    trusted = role(_trust(root, ALL), may=[_allow("*")])
    large = {"RoleArn": trusted, "RoleSessionName": "test", "Tags": tags}
    code = _code(assume, **large, Policy=_document(_allow(f"s3:{noise}")))
    assert code == "PackedPolicyTooLarge"


def _totp(seed: str, at: float) -> str:
    """RFC 6238, as an authenticator application has it."""
    key = base64.b32decode(seed)
    digest = hmac.new(key, (int(at) // 30).to_bytes(8, "big"), hashlib.sha1).digest()
    place = digest[-1] & 15
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


@pytest.fixture
def with_mfa(iam, user, unique):
    """Make a user with a device: its name, its session, the serial number and the seed."""

    def make(*may: dict[str, Any]) -> tuple[str, boto3.Session, str, str]:
        name, session = user(*may)
        device = iam.create_virtual_mfa_device(VirtualMFADeviceName=unique("device"))
        found = device["VirtualMFADevice"]
        seed = found["Base32StringSeed"].decode()
        now = time.time()
        known = {"UserName": name, "SerialNumber": found["SerialNumber"]}
        wrong = {"AuthenticationCode1": "000000", "AuthenticationCode2": "000000"}
        code = _code(iam.enable_mfa_device, **known, **wrong)
        assert code == "InvalidAuthenticationCode"
        iam.enable_mfa_device(
            **known,
            AuthenticationCode1=_totp(seed, now - 60),
            AuthenticationCode2=_totp(seed, now - 30),
        )
        assert (
            _code(
                iam.enable_mfa_device,
                **known,
                AuthenticationCode1=_totp(seed, now - 60),
                AuthenticationCode2=_totp(seed, now - 30),
            )
            == "EntityAlreadyExists"
        )
        return name, session, found["SerialNumber"], seed

    return make


def test_mfa_to_enter_a_role(local_aws, account, role, user, with_mfa):
    _, session, serial, seed = with_mfa(_allow("sts:AssumeRole"))
    arn = role(
        _trust(
            {"AWS": f"arn:aws:iam::{account}:root"}, Bool={"aws:MultiFactorAuthPresent": "true"}
        ),
        may=[
            _allow(
                "ssm:DescribeParameters",
                Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}},
            )
        ],
    )
    assume = local_aws.client("sts", session).assume_role
    known = {"RoleArn": arn, "RoleSessionName": "test"}
    assert _code(assume, **known) == "AccessDenied"
    for wrong in ("000000", "12345678"[:6], "abcdef", "١٢٣٤٥٦"):
        code, message = _error(assume, **known, SerialNumber=serial, TokenCode=wrong)
        assert (code, "MultiFactorAuthentication failed" in message) == ("AccessDenied", True)
    now = _totp(seed, time.time())
    assert _code(assume, **known, SerialNumber=serial + "x", TokenCode=now) == "AccessDenied"
    assert _code(assume, **known, SerialNumber=serial) == "AccessDenied"
    answer = assume(**known, SerialNumber=serial, TokenCode=now)
    # A code is good once, and only for whose device it is of.
    assert _code(assume, **known, SerialNumber=serial, TokenCode=now) == "AccessDenied"
    _, other = user(_allow("sts:AssumeRole"))
    later = _totp(seed, time.time() + 30)
    theirs = local_aws.client("sts", other).assume_role
    assert _code(theirs, **known, SerialNumber=serial, TokenCode=later) == "AccessDenied"
    # What a role does is not done with MFA, though it was entered with it.
    ssm = local_aws.client("ssm", local_aws.session_of(answer["Credentials"]))
    assert _code(ssm.describe_parameters) == "AccessDeniedException"


def test_a_users_own_session_with_mfa_and_without(local_aws, with_mfa):
    strong = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    name, session, serial, seed = with_mfa(
        _allow("ssm:DescribeParameters", Condition=strong), _allow(["iam:ListRoles", "sts:*"])
    )
    sts = local_aws.client("sts", session)
    local_aws.client("iam", session).list_roles()
    assert _code(local_aws.client("ssm", session).describe_parameters) == "AccessDeniedException"
    plain = local_aws.session_of(sts.get_session_token()["Credentials"])
    assert _code(local_aws.client("ssm", plain).describe_parameters) == "AccessDeniedException"
    assert _code(local_aws.client("iam", plain).list_roles) == "InvalidClientTokenId"
    own = local_aws.client("sts", plain)
    assert own.get_caller_identity()["Arn"].endswith(f":user/{name}")
    assert _code(own.get_session_token) == "AccessDenied"
    assert _code(own.get_federation_token, Name="someone") == "AccessDenied"
    assert _code(own.get_access_key_info, AccessKeyId="A" * 20) == "AccessDenied"
    code = _totp(seed, time.time())
    answer = sts.get_session_token(SerialNumber=serial, TokenCode=code)
    sure = local_aws.session_of(answer["Credentials"])
    local_aws.client("ssm", sure).describe_parameters()
    local_aws.client("iam", sure).list_roles()


def test_federated_users(local_aws, user):
    _, session = user(_allow(["ssm:*", "iam:*", "sts:*"]))
    unchecked = local_aws.client("sts", session, config=UNCHECKED)
    sts = local_aws.client("sts", session)
    bare = local_aws.session_of(sts.get_federation_token(Name="ana")["Credentials"])
    assert _code(local_aws.client("ssm", bare).describe_parameters) == "AccessDeniedException"
    policy = _document(_allow(["ssm:*", "iam:*", "s3:*", "sts:*"]))
    answer = sts.get_federation_token(Name="ana", Policy=policy)
    assert answer["FederatedUser"]["Arn"].endswith(":federated-user/ana")
    fed = local_aws.session_of(answer["Credentials"])
    local_aws.client("ssm", fed).describe_parameters()
    assert _code(local_aws.client("s3", fed).list_buckets) == "AccessDenied"
    assert _code(local_aws.client("iam", fed).list_roles) == "InvalidClientTokenId"
    own = local_aws.client("sts", fed)
    assert own.get_caller_identity()["Arn"].endswith(":federated-user/ana")
    for refused in (own.get_session_token, own.get_federation_token, own.assume_role):
        params = {} if refused == own.get_session_token else {"Name": "ben"}
        if refused == own.assume_role:
            params = {"RoleArn": "arn:aws:iam::123456789012:role/x", "RoleSessionName": "test"}
        assert _code(refused, **params) == "AccessDenied"
    for wrong in ("a", "a b", "x" * 33):
        assert _code(unchecked.get_federation_token, Name=wrong) == "ValidationError"
    for seconds in (899, 129601):
        long = {"Name": "ana", "DurationSeconds": seconds}
        assert _code(unchecked.get_federation_token, **long) == "ValidationError"
    assert local_aws.client("iam", session).list_roles()["Roles"]


def test_what_roles_cannot_ask_for(local_aws, admin, account):
    sts = local_aws.client("sts", admin)
    assert _code(sts.get_session_token) == "AccessDenied"
    assert _code(sts.get_federation_token, Name="someone") == "AccessDenied"
    missing = f"arn:aws:iam::{account}:role/nobody-here"
    code, message = _error(sts.assume_role, RoleArn=missing, RoleSessionName="test")
    assert code == "AccessDenied"
    assert f"is not authorized to perform: sts:AssumeRole on resource: {missing}" in message
    saml = local_aws.client("sts", config=Config(signature_version=UNSIGNED))
    code, message = _error(
        saml.assume_role_with_saml,
        RoleArn=missing,
        PrincipalArn=f"arn:aws:iam::{account}:saml-provider/x",
        SAMLAssertion="abcd",
    )
    assert code == "UnsupportedOperation"
    assert "SAML" in message


def test_access_keys_are_told_by_account(local_aws, account, user):
    _, session = user(_allow("sts:GetAccessKeyInfo"))
    sts = local_aws.client("sts", session)
    own = session.get_credentials().access_key
    assert sts.get_access_key_info(AccessKeyId=own)["Account"] == account
    assert _code(sts.get_access_key_info, AccessKeyId="AKIA" + "Z" * 16) == "ValidationError"


def test_a_role_trusts_itself_only_when_it_says_so(local_aws, iam, admin, account, role):
    root = f"arn:aws:iam::{account}:root"
    arn = role(_trust({"AWS": f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"}))
    session = _in(local_aws, admin, arn)
    again = local_aws.client("sts", session).assume_role
    assert _code(again, RoleArn=arn, RoleSessionName="test") == "AccessDenied"
    iam.update_assume_role_policy(
        RoleName=arn.rpartition("/")[2], PolicyDocument=_document(_trust({"AWS": [root, arn]}))
    )
    assert again(RoleArn=arn, RoleSessionName="test")["Credentials"]


def test_groups_and_boundaries_of_users_are_in_force(local_aws, iam, account, user, unique):
    name, session = user()
    ssm = local_aws.client("ssm", session)
    assert _code(ssm.describe_parameters) == "AccessDeniedException"
    group = unique("group")
    iam.create_group(GroupName=group)
    document = _document(_allow(["ssm:*", "sqs:*"]))
    iam.put_group_policy(GroupName=group, PolicyName="own", PolicyDocument=document)
    iam.add_user_to_group(GroupName=group, UserName=name)
    ssm.describe_parameters()
    boundary = iam.create_policy(
        PolicyName=unique("boundary"), PolicyDocument=_document(_allow("sqs:*"))
    )["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName=name, PermissionsBoundary=boundary)
    assert _code(ssm.describe_parameters) == "AccessDeniedException"
    local_aws.client("sqs", session).list_queues()
    iam.delete_user_permissions_boundary(UserName=name)
    ssm.describe_parameters()
    iam.remove_user_from_group(GroupName=group, UserName=name)
    assert _code(ssm.describe_parameters) == "AccessDeniedException"


def test_a_deleted_users_sessions_end(local_aws, iam, user):
    name, session = user(_allow("sts:*"))
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
    assert _code(own.get_caller_identity) == "InvalidClientTokenId"
    assert _code(fed.get_caller_identity) == "InvalidClientTokenId"
    iam.create_user(UserName=name)
    assert _code(own.get_caller_identity) == "InvalidClientTokenId"


def test_one_made_anew_is_not_who_was_trusted(local_aws, iam, admin, account, role, user, unique):
    """Trust policies, key policies and bucket policies mean the role that was, not its name."""
    name = unique("partner")
    root = _document(_trust({"AWS": f"arn:aws:iam::{account}:root"}))

    def partner() -> str:
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=root)["Role"]["Arn"]
        return str(arn)

    arn = partner()
    opened = role(_trust({"AWS": arn}))
    s3, bucket = local_aws.client("s3", admin), unique("partners")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    read = {**_allow("s3:ListBucket", f"arn:aws:s3:::{bucket}"), "Principal": {"AWS": [arn]}}
    s3.put_bucket_policy(Bucket=bucket, Policy=_document(read))
    session = _in(local_aws, admin, arn)
    assert _assume(local_aws, session, opened)["Credentials"]
    local_aws.client("s3", session).list_objects_v2(Bucket=bucket)
    unique_id = iam.get_role(RoleName=name)["Role"]["RoleId"]
    iam.delete_role(RoleName=name)
    assert partner() == arn
    again = _in(local_aws, admin, arn)
    code = _code(local_aws.client("s3", again).list_objects_v2, Bucket=bucket)
    assert code == "AccessDenied"
    enter = local_aws.client("sts", again).assume_role
    assert _code(enter, RoleArn=opened, RoleSessionName="test") == "AccessDenied"
    found = iam.get_role(RoleName=opened.rpartition("/")[2])["Role"]
    statement = found["AssumeRolePolicyDocument"]["Statement"][0]
    assert statement["Principal"] == {"AWS": unique_id}
    assert unique_id in s3.get_bucket_policy(Bucket=bucket)["Policy"]
    iam.update_assume_role_policy(
        RoleName=opened.rpartition("/")[2], PolicyDocument=_document(_trust({"AWS": arn}))
    )
    assert enter(RoleArn=opened, RoleSessionName="test")["Credentials"]
    person, own = user(_allow("sts:AssumeRole"))
    theirs = role(_trust({"AWS": f"arn:aws:iam::{account}:user/{person}"}))
    assert _assume(local_aws, own, theirs)["Credentials"]
    key = own.get_credentials().access_key
    iam.delete_access_key(UserName=person, AccessKeyId=key)
    iam.delete_user_policy(UserName=person, PolicyName="own")
    iam.delete_user(UserName=person)
    iam.create_user(UserName=person)
    made = iam.create_access_key(UserName=person)["AccessKey"]
    anew = boto3.Session(made["AccessKeyId"], made["SecretAccessKey"], region_name="eu-west-1")
    enter = local_aws.client("sts", anew).assume_role
    assert _code(enter, RoleArn=theirs, RoleSessionName="test") == "AccessDenied"


def test_what_names_no_role_and_what_is_not_there(local_aws, admin, account):
    sts = local_aws.client("sts", admin)
    for arn in (
        "arn:aws:iam::123456789012:user/ana",
        "arn:aws:sts::123456789012:assumed-role/x/y",
        "arn:aws:iam::1:role/xxxxxxxxxxx",
        "role/nothing-of-the-kind",
        f"arn:aws:iam::{account}:role/",
    ):
        code, message = _error(sts.assume_role, RoleArn=arn, RoleSessionName="test")
        assert (code, message) == ("ValidationError", f"{arn} is invalid")
    root = {
        "TargetPrincipal": account,
        "TaskPolicyArn": {"arn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"},
    }
    bootstrap = local_aws.client("sts")
    for call, params in (
        (bootstrap.assume_root, root),
        (bootstrap.decode_authorization_message, {"EncodedMessage": "x"}),
    ):
        code, message = _error(call, **params)
        assert code == "UnsupportedOperation"
        assert "does not have sts:" in message


def test_everybody_may_ask_who_they_are(local_aws, admin, account, role):
    denied = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    arn = role(_trust({"AWS": f"arn:aws:iam::{account}:root"}), may=[denied])
    session = _in(local_aws, admin, arn, Policy=_document(denied))
    found = local_aws.client("sts", session).get_caller_identity()
    assert found["Account"] == account
    assert found["UserId"].startswith("AROA")
    assert found["UserId"].endswith(":test")
    assert _code(local_aws.client("iam", session).list_roles) == "AccessDenied"
