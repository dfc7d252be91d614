"""What is judged when a row is read: identity policies, buckets' policies, ports, trails."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landrail.inventory.ec2 import covering, ports
from landrail.inventory.identities import (
    document,
    grants_everything,
    grants_whole_service,
    passes_any_role,
)
from landrail.inventory.policies import NOT_UNDERSTOOD
from landrail.inventory.s3 import demands_encryption, denies_insecure_transport, grantees
from landrail.inventory.trails import Trail
from landrail.rules.sql import with_parameters

_ARN = "arn:aws:s3:::b"
_BOTH = [_ARN, f"{_ARN}/*"]


def policy(**statement: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}


@pytest.mark.parametrize(
    ("statement", "everything", "service", "passing"),
    [
        ({"Action": "*", "Resource": "*"}, True, True, True),
        ({"Action": ["s3:Get*", "*"], "Resource": ["arn:aws:s3:::b", "*"]}, True, True, True),
        ({"Action": "*", "Resource": "arn:aws:s3:::b"}, False, True, False),
        ({"Action": "s3:*", "Resource": "*"}, False, True, False),
        ({"Action": "s3:Get*", "Resource": "*"}, False, False, False),
        ({"Action": "iam:PassRole", "Resource": "*"}, False, False, True),
        ({"Action": "iam:*", "Resource": "*"}, False, True, True),
        ({"Action": "iam:PassRole", "Resource": "arn:aws:iam::1:role/r"}, False, False, False),
        (
            {
                "Action": "iam:PassRole",
                "Resource": "*",
                "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
            },
            False,
            False,
            False,
        ),
        ({"Effect": "Deny", "Action": "*", "Resource": "*"}, False, False, False),
    ],
)
def test_what_an_identity_policy_grants(statement, everything, service, passing):
    said = policy(**statement)
    found = (grants_everything(said), grants_whole_service(said), passes_any_role(said))
    assert found == (everything, service, passing)


def test_what_is_not_understood_counts_as_granting_all():
    said = policy(Action="nonsense", Resource="*")
    assert grants_everything(said)
    assert grants_whole_service(said)
    assert passes_any_role(said)
    assert list(grantees(said)) == [NOT_UNDERSTOOD]
    assert not denies_insecure_transport(said, _ARN)
    assert not demands_encryption(said)


def test_no_document_grants_nothing():
    assert not grants_everything(None)
    assert list(grantees(None)) == []


def test_a_document_comes_in_three_forms():
    whole = {"Version": "2012-10-17", "Statement": []}
    plain = '{"Version": "2012-10-17", "Statement": []}'
    quoted = "%7B%22Version%22%3A%20%222012-10-17%22%2C%20%22Statement%22%3A%20%5B%5D%7D"
    assert document(whole) == document(plain) == document(quoted) == whole
    assert document(None) is None


def tls(**changes: Any) -> dict[str, Any]:
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    given = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": _BOTH}
    return policy(**{**given, "Condition": condition, **changes})


@pytest.mark.parametrize(
    ("said", "demands"),
    [
        (tls(), True),
        (tls(Principal={"AWS": "*"}), True),
        (tls(Action=["s3:GetObject", "s3:*"]), True),
        (tls(Resource="*"), True),
        (tls(Condition={"Bool": {"AWS:SECURETRANSPORT": False}}), True),
        (tls(Condition={"BoolIfExists": {"aws:SecureTransport": "false"}}), True),
        (tls(Resource=f"{_ARN}/*"), False),
        (tls(Resource=_ARN), False),
        (tls(Resource=[_ARN, f"{_ARN}/some/*"]), False),
        (tls(Action="s3:GetObject"), False),
        (tls(Effect="Allow"), False),
        (tls(Principal={"AWS": "arn:aws:iam::1:root"}), False),
        (tls(Condition={"Bool": {"aws:SecureTransport": "true"}}), False),
        (
            tls(
                Condition={
                    "Bool": {"aws:SecureTransport": "false"},
                    "StringEquals": {"aws:PrincipalAccount": "111122223333"},
                }
            ),
            False,
        ),
    ],
)
def test_who_denies_plain_http(said, demands):
    assert denies_insecure_transport(said, _ARN) is demands


@pytest.mark.parametrize(
    ("condition", "demands"),
    [
        ({"Null": {"s3:x-amz-server-side-encryption": "true"}}, True),
        ({"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}, True),
        ({"Null": {"s3:x-amz-server-side-encryption": "false"}}, False),
        ({"StringEquals": {"s3:x-amz-server-side-encryption": "AES256"}}, False),
    ],
)
def test_who_demands_encryption(condition, demands):
    said = policy(
        Effect="Deny",
        Principal="*",
        Action="s3:PutObject",
        Resource=f"{_ARN}/*",
        Condition=condition,
    )
    assert demands_encryption(said) is demands


@pytest.mark.parametrize(
    ("statement", "who"),
    [
        ({"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}, {"111122223333"}),
        ({"Principal": {"Service": "s3.amazonaws.com"}}, {"s3.amazonaws.com"}),
        ({"Principal": "*"}, {"*"}),
        (
            {"Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
            {"10.0.0.0/8"},
        ),
        (
            {"Principal": "*", "Condition": {"StringEquals": {"aws:SourceVpc": ["vpc-1"]}}},
            {"vpc-1"},
        ),
    ],
)
def test_whom_a_bucket_policy_grants(statement, who):
    said = policy(Action="s3:GetObject", Resource=f"{_ARN}/*", **statement)
    assert set(grantees(said)) == who


@given(st.integers(0, 65535), st.integers(0, 65535), st.integers(0, 65535))
def test_a_range_of_ports_covers_those_within_it_and_no_others(one, other, port):
    first, last = sorted((one, other))
    begins = list(covering(first, last))
    covered = any(
        f"{port:05d}".startswith(b[:-1]) if "*" in b else f"{port:05d}" == b for b in begins
    )
    assert covered == (first <= port <= last)
    asked = with_parameters("COVERS(open, :p)", {"p": str(port)})
    assert any(f"',{begin},'" in asked for begin in begins) == covered


@pytest.mark.parametrize(
    ("permission", "opened"),
    [
        ({"IpProtocol": "-1"}, (0, 65535)),
        ({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 23}, (22, 23)),
        ({"IpProtocol": "6", "FromPort": 22, "ToPort": 22}, (22, 22)),
        ({"IpProtocol": "tcp", "FromPort": -1, "ToPort": -1}, (0, 65535)),
        ({"IpProtocol": "udp", "FromPort": 22, "ToPort": 22}, None),
        ({"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1}, None),
    ],
)
def test_the_tcp_ports_of_a_permission(permission, opened):
    assert ports(permission, "tcp") == opened


def trail(selectors: Any = (), advanced: Any = ()) -> Trail:
    return Trail({"TrailARN": "a"}, True, selectors, advanced)


def _fields(**fields: dict[str, list[str]]) -> dict[str, Any]:
    return {"FieldSelectors": [{"Field": name, **said} for name, said in fields.items()]}


def _of(**fields: dict[str, list[str]]) -> Trail:
    return trail(advanced=[_fields(**fields)])


def test_what_a_trail_records():
    management = {"Equals": ["Management"]}
    data = {
        "eventCategory": {"Equals": ["Data"]},
        "resources.type": {"Equals": ["AWS::S3::Object"]},
    }
    assert trail([{"ReadWriteType": "All"}]).management == "All"
    assert (
        trail([{"ReadWriteType": "ReadOnly"}, {"ReadWriteType": "WriteOnly"}]).management == "All"
    )
    assert trail([{"IncludeManagementEvents": False}]).management == ""
    assert _of(eventCategory=management).management == "All"
    assert _of(eventCategory=management, readOnly={"Equals": ["true"]}).management == "ReadOnly"
    assert _of(**data).object_buckets == ("*",)
    where = {"StartsWith": ["arn:aws:s3:::b/"]}
    assert _of(**data, **{"resources.ARN": where}).object_buckets == ("b",)
    classic = {
        "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::b/", "arn:aws:s3"]}]
    }
    assert trail([classic]).object_buckets == ("*", "b")


def test_whether_a_trail_leaves_out_management_events_of_a_service():
    management = {"Equals": ["Management"]}
    kms = {"NotEquals": ["kms.amazonaws.com"]}
    assert trail([{}]).complete
    assert not trail([{"ExcludeManagementEventSources": ["kms.amazonaws.com"]}]).complete
    assert _of(eventCategory=management).complete
    assert not _of(eventCategory=management, eventSource=kms).complete
