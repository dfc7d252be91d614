"""What S3 calls public."""

import pytest

from landrail.localaws.services.config.public import READS, WRITES, acl_allows, policy_allows

EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"


def policy(**more):
    base = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [{**base, **more}]}


def condition(operator, key, value):
    return policy(Condition={operator: {key: value}})


@pytest.mark.parametrize(
    "document",
    [
        policy(),
        policy(Principal={"AWS": "*"}),
        policy(Principal={"Federated": "graph.facebook.com"}),
        policy(Principal={"AWS": ["arn:aws:iam::111122223333:root", "*"]}),
        policy(Action="s3:*"),
        policy(Action="*"),
        policy(Action=["s3:get*"]),
        {"Statement": policy()["Statement"][0]},
        condition("StringLike", "aws:SourceVpc", "vpc-*"),
        condition("StringEquals", "aws:Referer", "https://example.com"),
        condition("IpAddress", "aws:SourceIp", "1.0.0.0/7"),
        condition("StringNotEquals", "aws:SourceVpc", "vpc-1"),
        condition("StringEqualsIfExists", "aws:SourceVpc", "vpc-1"),
        condition("StringEquals", "aws:PrincipalOrgID", "${aws:PrincipalOrgID}"),
        condition("StringEquals", "aws:SourceVpc", ["vpc-1", "*"]),
    ],
)
def test_public(document):
    assert policy_allows(document, READS)


@pytest.mark.parametrize(
    "document",
    [
        None,
        policy(Effect="Deny"),
        policy(Principal={"AWS": "arn:aws:iam::111122223333:role/x"}),
        policy(Principal={"Service": "logging.s3.amazonaws.com"}),
        policy(Action="s3:PutObject"),
        condition("StringEquals", "aws:PrincipalOrgID", "o-example"),
        condition("StringEquals", "aws:SourceVpce", ["vpce-1", "vpce-2"]),
        condition("IpAddress", "aws:SourceIp", "203.0.113.0/24"),
        condition("IpAddress", "aws:SourceIp", "10.0.0.0/8"),
        condition("StringEquals", "aws:userid", "AIDAEXAMPLE"),
        condition(
            "ArnLike", "s3:DataAccessPointArn", "arn:aws:s3:eu-west-1:111122223333:accesspoint/*"
        ),
    ],
)
def test_not_public(document):
    assert not policy_allows(document, READS)


def test_reading_and_writing_are_told_apart():
    assert policy_allows(policy(Action="s3:PutObject"), WRITES)
    assert policy_allows(policy(NotAction="s3:GetObject") | {}, WRITES)
    assert not policy_allows(policy(Action="s3:GetObject"), WRITES)


def test_grants_to_everybody():
    assert acl_allows([(EVERYBODY, "READ")], ["READ"])
    assert acl_allows([(EVERYBODY, "FULL_CONTROL")], ["WRITE"])
    assert not acl_allows([("owner", "FULL_CONTROL")], ["READ"])
