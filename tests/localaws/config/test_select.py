"""Advanced queries over items: what is found, in which shape and order, and what is no query."""

import pytest

from landrail.localaws.services.config.select import Wrong, parse, run


def instance(name, kind, size, groups=(), tags=(), address="10.0.0.5", **more):
    return {
        "resourceId": name,
        "resourceType": "AWS::EC2::Instance",
        "accountId": "111122223333",
        "awsRegion": "eu-west-1",
        "tags": [{"key": k, "value": v, "tag": f"{k}={v}"} for k, v in tags],
        "configuration": {
            "instanceType": kind,
            "size": size,
            "encrypted": size > 10,
            "privateIpAddress": address,
            "securityGroups": [{"groupId": group, "open": group == "sg-9"} for group in groups],
            **more,
        },
    }


ITEMS = [
    instance("i-1", "t3.micro", 8, ["sg-1", "sg-9"], [("team", "blue")]),
    instance("i-2", "t3.large", 20, ["sg-1"], [("team", "red"), ("env", "prod")], "10.0.1.7"),
    instance("i-3", "m5.large", 30, [], [], "192.168.1.1", keyName="ana's"),
    {
        "resourceId": "b",
        "resourceType": "AWS::S3::Bucket",
        "accountId": "444455556666",
        "awsRegion": "eu-west-1",
        "tags": [],
        "configuration": {"name": "b"},
        "supplementaryConfiguration": {"BucketVersioningConfiguration": {"status": "Off"}},
    },
]


def ids(where):
    return [row["resourceId"] for row in run(parse(f"SELECT resourceId WHERE {where}"), ITEMS)[1]]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("resourceType = 'AWS::EC2::Instance'", ["i-1", "i-2", "i-3"]),
        ("resourceType <> 'AWS::EC2::Instance'", ["b"]),
        ("resourceType != 'AWS::EC2::Instance'", ["b"]),
        ("configuration.size > 8", ["i-2", "i-3"]),
        ("configuration.size >= 8 and configuration.size <= 20", ["i-1", "i-2"]),
        ("configuration.size BETWEEN 9 AND 20", ["i-2"]),
        ("configuration.size < '9'", ["i-1"]),
        ("configuration.encrypted = true", ["i-2", "i-3"]),
        ("configuration.encrypted = 'false'", ["i-1"]),
        ("configuration.instanceType IN ('t3.micro', 'm5.large')", ["i-1", "i-3"]),
        ("configuration.instanceType NOT IN ('t3.micro') AND accountId LIKE '1%'", ["i-2", "i-3"]),
        ("configuration.instanceType LIKE 't3.%'", ["i-1", "i-2"]),
        ("configuration.instanceType like '%.l_rge'", ["i-2", "i-3"]),
        ("configuration.keyName = 'ana''s'", ["i-3"]),
        ("configuration.keyName IS NULL", ["i-1", "i-2", "b"]),
        ("configuration.keyName IS NOT NULL", ["i-3"]),
        ("NOT (accountId = '111122223333')", ["b"]),
        ("NOT accountId = '111122223333' OR resourceId = 'i-1'", ["i-1", "b"]),
        ("resourceId = 'i-1' OR resourceId = 'i-2' AND configuration.size = 1", ["i-1"]),
        ("(resourceId = 'i-1' OR resourceId = 'i-2') AND configuration.size = 20", ["i-2"]),
        ("configuration.securityGroups.groupId = 'sg-1'", ["i-1", "i-2"]),
        (
            "configuration.securityGroups.groupId = 'sg-1'"
            " AND configuration.securityGroups.open = true",
            ["i-1"],
        ),
        ("tags.key = 'team'", ["i-1", "i-2"]),
        ("tags.tag = 'team=red'", ["i-2"]),
        ("configuration.privateIpAddress = '10.0.0.0/16'", ["i-1", "i-2"]),
        ("configuration.privateIpAddress BETWEEN '10.0.0.9' AND '10.0.2.0'", ["i-2"]),
        ("supplementaryConfiguration.BucketVersioningConfiguration.status = 'Off'", ["b"]),
    ],
)
def test_what_is_found(where, found):
    assert ids(where) == found


def rows(expression):
    return run(parse(expression), ITEMS)[1]


def test_results_have_the_shape_of_items():
    fields, found = run(
        parse(
            "SELECT resourceId, configuration.instanceType, configuration.securityGroups.groupId,"
            " configuration.securityGroups.open, tags WHERE resourceId = 'i-1'"
        ),
        ITEMS,
    )
    assert fields[1] == "configuration.instanceType"
    assert found == [
        {
            "resourceId": "i-1",
            "configuration": {
                "instanceType": "t3.micro",
                "securityGroups": [
                    {"groupId": "sg-1", "open": False},
                    {"groupId": "sg-9", "open": True},
                ],
            },
            "tags": [{"key": "team", "value": "blue", "tag": "team=blue"}],
        }
    ]
    assert rows("SELECT resourceId AS id, configuration.size size WHERE resourceId = 'i-2'") == [
        {"id": "i-2", "size": 20}
    ]
    assert rows("select * where resourceId = 'b';")[0]["resourceType"] == "AWS::S3::Bucket"
    assert "configuration" not in rows("SELECT * WHERE resourceId = 'b'")[0]
    assert ITEMS[0]["configuration"]["size"] == 8


def test_groups_are_counted_and_ordered():
    assert rows("SELECT COUNT(*)") == [{"COUNT(*)": 4}]
    assert rows("SELECT COUNT(*) WHERE resourceId = 'none'") == [{"COUNT(*)": 0}]
    assert rows(
        "SELECT resourceType, COUNT(*) AS n GROUP BY resourceType ORDER BY COUNT(*) DESC"
    ) == [
        {"resourceType": "AWS::EC2::Instance", "n": 3},
        {"resourceType": "AWS::S3::Bucket", "n": 1},
    ]
    (sums,) = rows(
        "SELECT SUM(configuration.size), AVG(configuration.size), MIN(configuration.size),"
        " MAX(configuration.size), COUNT(DISTINCT configuration.securityGroups.groupId)"
        " WHERE resourceType = 'AWS::EC2::Instance'"
    )
    assert list(sums.values()) == [58, pytest.approx(58 / 3), 8, 30, 2]
    assert [r["resourceId"] for r in rows("SELECT resourceId ORDER BY configuration.size")] == [
        *("b", "i-1", "i-2", "i-3")
    ]
    ordered = rows("SELECT resourceId ORDER BY accountId ASC, configuration.size DESC LIMIT 2")
    assert [row["resourceId"] for row in ordered] == ["i-3", "i-2"]


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("", "SELECT expected"),
        ("SELECT", "a property expected, not the end"),
        ("SELECT resourceid", "did you mean resourceId"),
        ("SELECT instanceType", "unknown property instanceType"),
        ("SELECT resourceId FROM t", "FROM is not supported"),
        ("SELECT resourceId WHERE", "a property expected"),
        ("SELECT resourceId WHERE resourceId", "a comparison expected"),
        ("SELECT resourceId WHERE resourceId = ", "a value expected"),
        ("SELECT resourceId WHERE resourceId = i-1", "a value expected"),
        ("SELECT resourceId WHERE resourceId = 'i", "unexpected"),
        ("SELECT resourceId WHERE resourceId IN ()", "a value expected"),
        ("SELECT resourceId WHERE (resourceId = 'x'", ") expected"),
        ("SELECT resourceId, COUNT(*)", "GROUP BY it"),
        ("SELECT * GROUP BY resourceId", "cannot be grouped"),
        ("SELECT SUM(*)", "SUM(*)"),
        ("SELECT resourceId LIMIT x", "a number expected"),
        ("SELECT resourceId HAVING 1", "the end expected"),
        ("SELECT resourceId WHERE resourceId LIKE 1", "LIKE takes a text"),
    ],
)
def test_what_is_no_query_is_said(expression, what):
    with pytest.raises(Wrong) as caught:
        parse(expression)
    assert what in str(caught.value)
