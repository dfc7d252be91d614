"""Policies in Guard: what passes, what fails, what says nothing, and what cannot be read."""

import pytest

from landrail.localaws.services.config.guard import Mistake, judge, parse

BUCKET = {
    "resourceType": "AWS::S3::Bucket",
    "resourceName": "trips-raw",
    "tags": {"owner": "ana", "cost-center": "12"},
    "configuration": {
        "name": "trips-raw",
        "size": 12,
        "ratio": 0.5,
        "on": True,
        "nothing": None,
        "empty": [],
        "ports": [22, 443],
        "rules": [
            {"id": "a", "status": "Enabled", "days": 3, "tags": {"k": "v"}},
            {"id": "b", "status": "Disabled", "days": 9},
        ],
        "policies": {"One": {"effect": "Allow"}, "Two": {"effect": "Deny"}},
    },
    "supplementaryConfiguration": {"BucketVersioningConfiguration": {"status": "Enabled"}},
}


def asked(text):
    return judge(parse(text), BUCKET).status


def clause(text):
    return asked("rule one { " + text + "\n}")


@pytest.mark.parametrize(
    "text",
    [
        'resourceType == "AWS::S3::Bucket"',
        "resourceType == 'AWS::S3::Bucket'",
        "resourceName == /^trips-/",
        "resourceName != /^x/",
        "configuration.size >= 12",
        "configuration.size < 12.5",
        "configuration.size == r[10, 20)",
        "configuration.size != r(12, 20]",
        "configuration.on == true",
        "configuration.nothing is_null",
        "configuration.nothing == null",
        "configuration.missing !exists",
        "configuration.missing not exists",
        "not configuration.missing exists",
        "configuration.size exists",
        "configuration.empty empty",
        "configuration.ports not empty",
        "configuration.ports !empty",
        "configuration.ports is_list",
        "configuration is_struct",
        "configuration.name is_string",
        "configuration.size is_int",
        "configuration.ratio is_float",
        "configuration.on is_bool",
        "configuration.on !is_string",
        "configuration.size in [11, 12]",
        "configuration.size not in [1, 2]",
        "configuration.size !in [1, 2]",
        "configuration.size IN r[1, 20]",
        "resourceName in ['x', /^trips/]",
        "configuration.ports[*] in [22, 443]",
        "configuration.ports in [22, 443, 80]",
        "configuration.ports == [22, 443]",
        "configuration.ports[0] == 22",
        "configuration.ports.1 == 443",
        "some configuration.ports[*] == 22",
        "configuration.rules[*].days > 1",
        'configuration.rules[ status == "Enabled" ].days == 3',
        'configuration.rules[ status == "Enabled" or days > 8 ].id in ["a", "b"]',
        "configuration.policies.*.effect in ['Allow', 'Deny']",
        "configuration.policies[ keys == /^O/ ].effect == 'Allow'",
        "configuration.policies[ keys in ['Two'] ].effect == 'Deny'",
        "tags.'cost-center' == '12'",
        'tags["cost-center"] == "12"',
        "Configuration.Size == 12",
        "configuration.size == 1 or configuration.size == 12",
        "configuration.size == 1 OR resourceName exists configuration.on == true",
        "let n = 12 configuration.size == %n",
        "let sizes = [11, 12] configuration.size in %sizes",
        "let status = ['Enabled'] supplementaryConfiguration.BucketVersioningConfiguration.status"
        " == %status",
        "let rules = configuration.rules[*] %rules.id exists",
        "let names = ['One', 'Two'] configuration.policies.%names.effect exists",
        "when configuration.size == 12 { resourceName exists }",
        "configuration.rules[*] { id exists days >= 3 }",
        "configuration.rules[ id == 'a' ] { let d = days %d == 3 }",
        "configuration.rules[*] { when status == 'Enabled' { tags.k == 'v' } }",
        "configuration.ports[*] { this > 1 }",
        "configuration.size <= 12 <<too big>>",
        "# why so\n resourceName exists # for it is",
    ],
)
def test_it_passes(text):
    assert clause(text) == "PASS"


@pytest.mark.parametrize(
    "text",
    [
        'resourceType == "AWS::EC2::Instance"',
        "resourceName != /^trips-/",
        "configuration.size > 12",
        "configuration.size == '12'",
        "configuration.size != '12'",
        "configuration.missing exists",
        "configuration.missing == 1",
        "configuration.missing != 1",
        "configuration.missing is_string",
        "configuration.size !exists",
        "configuration.ports[*] == 22",
        "configuration.ports[7] == 22",
        "some configuration.ports[*] == 23",
        "some configuration.missing == 1",
        "configuration.rules[*].tags.k == 'v'",
        "configuration.policies.*.effect == 'Allow'",
        "configuration.rules[ id == 'z' ] exists",
        "configuration.rules[*] { days < 5 }",
        "configuration.missing { id exists }",
        "resourceName exists configuration.size == 1",
        "configuration.size == 1 or configuration.size == 2",
        "other",
        "resourceName == %nothing",
    ],
)
def test_it_fails(text):
    assert clause(text) == "FAIL"


@pytest.mark.parametrize(
    "text",
    [
        "configuration.rules[ id == 'z' ].days == 1",
        "configuration.empty[*] == 1",
        "when configuration.size == 1 { resourceName !exists }",
        "when configuration.missing == 1 { resourceName !exists }",
        "configuration.empty[*] { this == 1 }",
    ],
)
def test_it_says_nothing(text):
    assert clause(text) == "SKIP"


def test_rules_ask_for_rules():
    text = """
    let wanted = 'AWS::S3::Bucket'
    rule is_bucket { resourceType == %wanted }
    rule is_versioned when is_bucket {
        supplementaryConfiguration.BucketVersioningConfiguration.status == "Enabled"
    }
    rule both { is_bucket is_versioned not is_queue_like }
    """
    assert asked(text + "rule is_queue_like when is_bucket { configuration.size == 12 }") == "FAIL"
    assert asked(text + "rule is_queue_like when not is_bucket { resourceName exists }") == "PASS"
    assert asked("rule queue when resourceType == 'AWS::SQS::Queue' { tags exists }") == "SKIP"


def test_a_rule_that_asks_for_itself_fails():
    assert asked("rule a { b } rule b { a }") == "FAIL"


def test_what_fails_says_why():
    judged = judge(
        parse(
            """rule small {
                configuration.size < 5 <<a bucket has
                    fewer than five>>
                resourceName == "x"
                configuration.on == false or configuration.on == true
            }"""
        ),
        BUCKET,
    )
    assert judged.says == 'a bucket has fewer than five; resourceName == "x"'


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("", "line 1, column 1", "a policy needs a rule"),
        ("rule a {", "line 1, column 9", "not the end"),
        ("rule a { }", "line 1", "an empty block"),
        ("rule a { x = 1 }", "line 1, column 12", "an operator expected after x"),
        ("rule a {\n  x == \n}", "line 3, column 1", "a query expected"),
        ("rule a { x == /(/ }", "line 1, column 15", "not a regular expression"),
        ("rule a { x == 'b }", "line 1, column 15", "a query expected"),
        ("rule a { x exists <<why }", "line 1", "a message that does not end"),
        ("rule a(x) { x exists }", "line 1", "rules with parameters are not supported"),
        ("rule a { AWS::S3::Bucket { x exists } }", "line 1", "a block for a type"),
        ("rule a { let n = count(x) %n == 1 }", "line 1, column 18", "functions are not supported"),
        ("rule a { x == to_upper(y) }", "line 1, column 15", "functions are not supported"),
        ("rule a { x[ one | y == 1 ] exists }", "line 1", "captures in filters"),
        ("rule a { x exists } rule a { x exists }", "line 1", "a second rule called a"),
        ("let a = 1 let a = 2 rule b { x exists }", "line 1", "a second variable called a"),
        ("x exists", "line 1, column 1", "`rule` or `let` expected, not 'x'"),
        ("rule a { x[] exists }", "line 1", "an empty filter"),
    ],
)
def test_what_cannot_be_read_is_named(text, where, what):
    with pytest.raises(Mistake) as caught:
        parse(text)
    assert where in str(caught.value)
    assert what in str(caught.value)
