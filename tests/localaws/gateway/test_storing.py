"""Policies that AWS would not keep are refused before they are stored, in each service's words."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refused
from statements import VERSION, allow, document


def trust(principal: Any, action: Any = "sts:AssumeRole", **more: Any) -> str:
    return document({"Effect": "Allow", "Principal": principal, "Action": action, **more})


@pytest.fixture(scope="module")
def account(local_aws):
    return local_aws.account("storing")


@pytest.fixture(scope="module")
def admin(local_aws, account):
    return local_aws.assume(
        local_aws.role(account, "storer", {"Version": VERSION, "Statement": [allow("*")]})
    )


@pytest.fixture(scope="module")
def client(local_aws, admin):
    return lambda service: admin.client(service, endpoint_url=local_aws.endpoint)


@pytest.fixture(scope="module")
def iam(client, account):
    iam = client("iam")
    iam.create_role(
        RoleName="holder", AssumeRolePolicyDocument=trust({"AWS": f"arn:aws:iam::{account}:root"})
    )
    iam.create_user(UserName="holder")
    iam.create_group(GroupName="holder")
    return iam


WRONG = [
    ("{", "Syntax errors in policy."),
    ("[]", "Syntax errors in policy."),
    (document(), "Syntax errors in policy."),
    (document({**allow(), "Efect": "Allow"}), "Syntax errors in policy."),
    (document({**allow(), "Effect": "allow"}), None),
    (document(allow("GetObject")), "Actions/Conditions must be prefaced by a vendor, e.g."),
    (document(allow("s3:a:b")), "Actions/Condition can contain only one colon."),
    (document(allow(resource="bucket")), 'Resource bucket must be in ARN format or "*".'),
    (document({"Effect": "Allow", "Action": "s3:*"}), "Policy statement must contain resources."),
    (document({"Effect": "Allow", "Resource": "*"}), "Policy statement must contain actions."),
    (document(allow(Principal="*")), "Policy document should not specify a principal."),
    (document(allow(Sid="a"), allow(Sid="a")), "Statement IDs (SID) in a single policy must be"),
    (document(allow(Sid="a b")), "Statement IDs (SID) must be alpha-numeric."),
    (document(allow(Condition={"StringEqual": {"a:b": "c"}})), "Invalid Condition type"),
    (document(allow(Condition={"Bool": {"aws:SecureTransport": "x"}})), "Syntax errors in policy."),
    (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Effect": "Allow", '
        '"Action": "s3:*", "Resource": "*"}]}',
        "Syntax errors in policy.",
    ),
]


@pytest.mark.parametrize(("text", "words"), WRONG)
def test_iam_refuses_what_is_not_a_policy(iam, text, words):
    for call, params in (
        (iam.put_role_policy, {"RoleName": "holder", "PolicyName": "wrong"}),
        (iam.put_user_policy, {"UserName": "holder", "PolicyName": "wrong"}),
        (iam.put_group_policy, {"GroupName": "holder", "PolicyName": "wrong"}),
        (iam.create_policy, {"PolicyName": "wrong"}),
    ):
        code, message = refused(call, PolicyDocument=text, **params)
        assert code == "MalformedPolicyDocument"
        assert words is None or message.startswith(words)
    assert iam.list_role_policies(RoleName="holder")["PolicyNames"] == []


def test_iam_keeps_what_is_one(iam):
    right = document(allow(Sid="Read1"), allow(["s3:*"], ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]))
    iam.put_user_policy(UserName="holder", PolicyName="right", PolicyDocument=right)
    iam.put_group_policy(GroupName="holder", PolicyName="right", PolicyDocument=right)
    arn = iam.create_policy(PolicyName="right", PolicyDocument=right)["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=right)
    code, _ = refused(iam.create_policy_version, PolicyArn=arn, PolicyDocument="{}")
    assert code == "MalformedPolicyDocument"


def _large(size: int, spaces: int = 0) -> str:
    """A policy of `size` characters without white space."""
    text = document(allow(resource="arn:aws:s3:::b/"))
    bare = "".join(text.split())
    return bare.replace("b/", "b/" + "x" * (size - len(bare))) + " " * spaces


def test_sizes_are_those_of_the_place_and_white_space_is_free(iam):
    for call, holder, limit in (
        (iam.put_role_policy, {"RoleName": "holder"}, 10_240),
        (iam.put_user_policy, {"UserName": "holder"}, 2_048),
        (iam.put_group_policy, {"GroupName": "holder"}, 5_120),
    ):
        code, message = refused(
            call, PolicyName="right", PolicyDocument=_large(limit + 1), **holder
        )
        assert code == "LimitExceeded"
        assert f"Maximum policy size of {limit} bytes exceeded for" in message
        call(PolicyName="right", PolicyDocument=_large(limit, spaces=99), **holder)
        # All inline policies of one holder share the limit.
        code, _ = refused(call, PolicyName="other", PolicyDocument=_large(200), **holder)
        assert code == "LimitExceeded"
        call(PolicyName="right", PolicyDocument=_large(200), **holder)
        call(PolicyName="other", PolicyDocument=_large(200), **holder)
    code, message = refused(iam.create_policy, PolicyName="large", PolicyDocument=_large(6_145))
    assert (code, message) == ("LimitExceeded", "Cannot exceed quota for PolicySize: 6144")
    iam.create_policy(PolicyName="large", PolicyDocument=_large(6_144, spaces=10))


def test_ten_managed_policies_can_be_attached(iam, unique):
    arns = [
        iam.create_policy(PolicyName=unique("p"), PolicyDocument=document(allow()))["Policy"]["Arn"]
        for _ in range(11)
    ]
    for arn in (*arns[:10], arns[0]):
        iam.attach_role_policy(RoleName="holder", PolicyArn=arn)
    code, message = refused(iam.attach_role_policy, RoleName="holder", PolicyArn=arns[10])
    assert (code, message) == ("LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 10")
    iam.detach_role_policy(RoleName="holder", PolicyArn=arns[0])
    iam.attach_role_policy(RoleName="holder", PolicyArn=arns[10])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "This policy contains invalid Json"),
        (document({"Effect": "Allow", "Action": "sts:AssumeRole"}), "Missing required field Princ"),
        (trust({"AWS": "*"}, Resource="*"), "Has prohibited field Resource."),
        (trust({"AWS": "arn:aws:iam::1:root"}), 'Invalid principal in policy: "AWS":"arn:aws:iam'),
        (trust({"AWS": "arn:aws:iam::ACCOUNT:group/a"}), "Invalid principal in policy"),
        (trust({"AWS": "arn:aws:iam::ACCOUNT:role/gone"}), "Invalid principal in policy"),
        (trust({"AWS": "arn:aws:iam::ACCOUNT:user/gone"}), "Invalid principal in policy"),
        (trust({"Service": "ec2"}), "Invalid principal in policy"),
        (trust({"AWS": "*"}, "s3:GetObject"), "Trust Policy statement actions can only be"),
    ],
)
def test_trust_policies(iam, account, unique, text, words):
    name, text = unique("role"), text.replace("ACCOUNT", account)
    code, message = refused(iam.create_role, RoleName=name, AssumeRolePolicyDocument=text)
    assert code == "MalformedPolicyDocument"
    assert message.startswith(words)
    code, again = refused(iam.update_assume_role_policy, RoleName="holder", PolicyDocument=text)
    assert (code, again) == ("MalformedPolicyDocument", message)
    iam.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=trust(
            {"AWS": [f"arn:aws:iam::{account}:role/holder", "arn:aws:iam::999999999999:role/other"]}
        ),
    )
    code, message = refused(
        iam.update_assume_role_policy,
        RoleName=name,
        PolicyDocument=trust({"Federated": "x" * 2048}),
    )
    assert (code, message) == ("LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048")


def bucket_policy(bucket: str, **more: Any) -> str:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
        **more,
    }
    return document({key: value for key, value in statement.items() if value is not None})


def test_bucket_policies(client, account, unique):
    s3, bucket = client("s3"), unique("storing")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    own = f"arn:aws:s3:::{bucket}"
    for text, words in (
        ("nonsense", "Policies must be valid JSON and the first byte must be '{'"),
        ("{}", "Missing required field Statement"),
        (bucket_policy(bucket, Resource=None), "Missing required field Resource"),
        (bucket_policy(bucket, Action=None), "Missing required field Action"),
        (bucket_policy(bucket, Principal=None), "Missing required field Principal"),
        (bucket_policy(bucket, Action="s3:GetObjct"), "Policy has invalid action"),
        (bucket_policy(bucket, Action="ec2:RunInstances"), "Policy has invalid action"),
        (bucket_policy("another-bucket"), "Policy has invalid resource"),
        (bucket_policy(bucket, Resource=own), "Action does not apply to any resource(s) in"),
        (
            bucket_policy(bucket, Principal={"AWS": f"arn:aws:iam::{account}:role/gone"}),
            "Invalid p",
        ),
        (bucket_policy(bucket, Condition={"StringEquals": {"s3:nope": "x"}}), "Policy has an inv"),
        (bucket_policy(bucket, Sid="x" * 20_480), "Policy exceeds the maximum allowed document"),
    ):
        code, message = refused(s3.put_bucket_policy, Bucket=bucket, Policy=text)
        assert code == "MalformedPolicy", text
        assert message.startswith(words), (text, message)
    assert refused(s3.get_bucket_policy, Bucket=bucket)[0] == "NoSuchBucketPolicy"
    s3.put_bucket_policy(
        Bucket=bucket,
        Policy=bucket_policy(
            bucket,
            Action=["s3:GetObject", "s3:ListBucket"],
            Resource=[own, f"{own}/*"],
            Condition={"Bool": {"aws:SecureTransport": "false"}},
        ),
    )


def key_policy(principal: Any, **more: Any) -> str:
    return document(allow("kms:*", Principal=principal, **more))


def test_key_policies_and_the_lockout_check(client, account):
    kms = client("kms")
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    key = kms.create_key(Policy=key_policy(root))["KeyMetadata"]["KeyId"]
    lockout = "The new key policy will not allow you to update the key policy in the future."
    invalid = "Policy contains a statement with one or more invalid principals."
    gone = {"AWS": f"arn:aws:iam::{account}:role/gone"}
    for text, words in (
        ("{", "The request was rejected because"),
        (key_policy(gone), invalid),
        (key_policy({"AWS": "arn:aws:iam::999999999999:root"}), lockout),
        (document(allow("kms:Decrypt", Principal=root)), lockout),
        (key_policy(root, Condition={"StringEquals": {"kms:ViaService": "s3"}}), lockout),
    ):
        for call, params in (
            (kms.create_key, {}),
            (kms.put_key_policy, {"KeyId": key, "PolicyName": "default"}),
        ):
            code, message = refused(call, Policy=text, **params)
            assert code == "MalformedPolicyDocumentException"
            assert message.startswith(words), text
    kms.put_key_policy(
        KeyId=key,
        PolicyName="default",
        Policy=key_policy({"AWS": f"arn:aws:iam::{account}:role/storer"}),
    )
    kms.put_key_policy(
        KeyId=key,
        PolicyName="default",
        Policy=key_policy({"AWS": "arn:aws:iam::999999999999:root"}),
        BypassPolicyLockoutSafetyCheck=True,
    )


def test_session_policies(client, local_aws, account, admin):
    sts = admin.client("sts", endpoint_url=local_aws.endpoint)
    role = local_aws.role(
        account, "entered-by-storer", {"Version": VERSION, "Statement": [allow()]}
    )
    local_aws.assume(role)
    client("iam").update_assume_role_policy(
        RoleName="entered-by-storer",
        PolicyDocument=trust({"AWS": f"arn:aws:iam::{account}:root"}),
    )
    params = {"RoleArn": f"arn:aws:iam::{account}:role/entered-by-storer", "RoleSessionName": "me"}
    for text in (
        "{",
        document(),
        document(allow(Principal="*")),
        document(allow(resource="arn:aws:s3")),
    ):
        assert refused(sts.assume_role, Policy=text, **params)[0] == "MalformedPolicyDocument"
    sts.assume_role(Policy=document(allow()), **params)


@pytest.mark.parametrize(
    ("kind", "wrong", "right"),
    [
        ("SERVICE_CONTROL_POLICY", document(allow(Principal="*")), document(allow("*"))),
        (
            "SERVICE_CONTROL_POLICY",
            document(allow("*"), version="2008-10-17"),
            document(allow("*")),
        ),
        (
            "RESOURCE_CONTROL_POLICY",
            document(allow("s3:*", Principal="*")),
            document({**allow("s3:*", Principal="*"), "Effect": "Deny"}),
        ),
        (
            "RESOURCE_CONTROL_POLICY",
            document({**allow("*", Principal="*"), "Effect": "Deny"}),
            document({**allow("s3:*", Principal="*"), "Effect": "Deny"}),
        ),
        (
            "RESOURCE_CONTROL_POLICY",
            document({**allow("s3:*", Principal={"AWS": "999999999999"}), "Effect": "Deny"}),
            document({**allow("s3:*", Principal="*"), "Effect": "Deny"}),
        ),
    ],
)
def test_policies_of_the_organization(local_aws, unique, kind, wrong, right):
    organizations = local_aws.bootstrap.client("organizations", endpoint_url=local_aws.endpoint)
    name = unique("policy")
    params = {"Name": name, "Type": kind, "Description": ""}
    code, message = refused(organizations.create_policy, Content=wrong, **params)
    assert code == "MalformedPolicyDocumentException"
    assert message.startswith("The provided policy document does not meet the requirements of the")
    made = organizations.create_policy(Content=right, **params)["Policy"]["PolicySummary"]["Id"]
    code, _ = refused(organizations.update_policy, PolicyId=made, Content=wrong)
    assert code == "MalformedPolicyDocumentException"
    large = right + " " * 10_241
    code, _ = refused(organizations.update_policy, PolicyId=made, Content=large)
    assert code == "ConstraintViolationException"
    organizations.update_policy(PolicyId=made, Content=right)
    organizations.delete_policy(PolicyId=made)


def test_policies_of_other_resources(client, account, unique):
    sqs, sns, ec2, secrets = client("sqs"), client("sns"), client("ec2"), client("secretsmanager")
    queue = sqs.create_queue(QueueName=unique("q"))["QueueUrl"]
    topic = sns.create_topic(Name=unique("t"))["TopicArn"]
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    secret = secrets.create_secret(Name=unique("s"), SecretString="x")["ARN"]
    right = document(allow("sqs:*", Principal={"AWS": account}))

    def told(call: Any, **params: Any) -> str:
        return ": ".join(refused(call, **params))

    said = told(sqs.set_queue_attributes, QueueUrl=queue, Attributes={"Policy": "{"})
    assert said == "InvalidAttributeValue: Invalid value for the parameter Policy."
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": right})
    topic_policy = {"TopicArn": topic, "AttributeName": "Policy"}
    said = told(sns.set_topic_attributes, AttributeValue=right, **topic_policy)
    assert said.endswith("Invalid parameter: Policy statement action out of service scope!")
    sns.set_topic_attributes(AttributeValue=right.replace("sqs", "sns"), **topic_policy)
    endpoint = {"VpcId": vpc, "ServiceName": "com.amazonaws.eu-west-1.s3"}
    said = told(ec2.create_vpc_endpoint, PolicyDocument=document(allow()), **endpoint)
    assert said.startswith("InvalidPolicyDocument")
    made = ec2.create_vpc_endpoint(PolicyDocument=document(allow(Principal="*")), **endpoint)
    identifier = made["VpcEndpoint"]["VpcEndpointId"]
    said = told(ec2.modify_vpc_endpoint, VpcEndpointId=identifier, PolicyDocument="{")
    assert said.startswith("InvalidPolicyDocument")
    said = told(secrets.put_resource_policy, SecretId=secret, ResourcePolicy=document(allow()))
    assert said.startswith("MalformedPolicyDocumentException: This resource policy contains")
    own = document(allow("secretsmanager:*", Principal={"AWS": account}))
    secrets.put_resource_policy(SecretId=secret, ResourcePolicy=own)


def test_policies_of_what_models_are_kept_in(client, account, unique):
    ecr, artifacts, sagemaker = client("ecr"), client("codeartifact"), client("sagemaker")
    name = unique("kept")
    ecr.create_repository(repositoryName=name)
    artifacts.create_domain(domain=name)
    sagemaker.create_model_package_group(ModelPackageGroupName=name)
    group = f"arn:aws:sagemaker:eu-west-1:{account}:model-package-group/{name}"
    reader = {"AWS": account}
    for call, params, member, right, code in (
        (
            ecr.set_repository_policy,
            {"repositoryName": name},
            "policyText",
            document({"Effect": "Allow", "Principal": reader, "Action": "ecr:BatchGetImage"}),
            "InvalidParameterException",
        ),
        (
            artifacts.put_domain_permissions_policy,
            {"domain": name},
            "policyDocument",
            document(allow("codeartifact:CreateRepository", Principal=reader)),
            "ValidationException",
        ),
        (
            sagemaker.put_model_package_group_policy,
            {"ModelPackageGroupName": name},
            "ResourcePolicy",
            document(allow("sagemaker:DescribeModelPackageGroup", group, Principal=reader)),
            "ValidationException",
        ),
    ):
        gone = right.replace(f'"{account}"', f'"arn:aws:iam::{account}:role/gone"')
        for wrong in ("{", document(), document(allow()), gone):
            assert refused(call, **params, **{member: wrong})[0] == code
        call(**params, **{member: right})
