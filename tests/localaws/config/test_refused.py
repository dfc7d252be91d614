"""Rules and recorders that are not taken, each with its reason, and the twins that are."""

import pytest
from botocore.exceptions import ClientError
from config_accounts import managed, record

CHANGES = [{"EventSource": "aws.config", "MessageType": "ConfigurationItemChangeNotification"}]
VERSIONED = "S3_BUCKET_VERSIONING_ENABLED"


@pytest.fixture(scope="module")
def config(recorded):
    return recorded("that-refuses")[1]("config")


def policy(text="rule a { resourceName exists }", **more):
    details = {"PolicyRuntime": "guard-2.x.x", "PolicyText": text}
    source = {"Owner": "CUSTOM_POLICY", "CustomPolicyDetails": details, "SourceDetails": CHANGES}
    return {"ConfigRuleName": "own", "Source": {**source, **more}}


def lambdas():
    return {
        "ConfigRuleName": "own",
        "Source": {"Owner": "CUSTOM_LAMBDA", "SourceIdentifier": "arn:aws:lambda:x"},
    }


@pytest.mark.parametrize(
    ("rule", "code", "message"),
    [
        (managed("S3_BUCKET_VERSIONING_ENABLE"), "InvalidParameterValue", f"mean {VERSIONED}"),
        (lambdas(), "InvalidParameterValue", "does not run functions"),
        (managed(VERSIONED, Source={"Owner": "ME"}), "Validation", "Member must satisfy enum"),
        (
            managed(VERSIONED, InputParameters='{"isMfaDeleteEnable": "true"}'),
            "InvalidParameterValue",
            "Unknown parameters provided in the inputParameters",
        ),
        (managed(VERSIONED, InputParameters="[]"), "InvalidParameterValue", "not a JSON object"),
        (managed(VERSIONED, InputParameters="{"), "InvalidParameterValue", "not JSON"),
        (
            managed(VERSIONED, InputParameters='{"isMfaDeleteEnabled": " "}'),
            "InvalidParameterValue",
            "Blank spaces are not acceptable",
        ),
        (
            managed(VERSIONED, Scope={"ComplianceResourceTypes": ["AWS::EC2::Volume"]}),
            "InvalidParameterValue",
            "not in the rule's scope",
        ),
        (
            managed(VERSIONED, Scope={"ComplianceResourceId": "b"}),
            "InvalidParameterValue",
            "exactly one resource type",
        ),
        (managed(VERSIONED, Scope={"TagValue": "b"}), "InvalidParameterValue", "needs a TagKey"),
        (
            managed(VERSIONED, MaximumExecutionFrequency="Two_Hours"),
            "Validation",
            "Six_Hours",
        ),
        (policy("rule a { x == }"), "InvalidParameterValue", "line 1, column 15"),
        (policy("rule a { count(x) == 1 }"), "InvalidParameterValue", "functions are not"),
        (policy(SourceDetails=[]), "InvalidParameterValue", "SourceDetails"),
        (policy(CustomPolicyDetails={"PolicyRuntime": "rego", "PolicyText": "x"}), "", "rego"),
        ({"Source": managed(VERSIONED)["Source"]}, "InvalidParameterValue", "ConfigRuleName"),
    ],
)
def test_a_rule_is_refused(config, rule, code, message):
    with pytest.raises(ClientError) as caught:
        config.put_config_rule(ConfigRule=rule)
    error = caught.value.response["Error"]
    assert error["Code"].startswith(code)
    assert message in error["Message"]


def test_its_twin_is_taken(config):
    given = '{"isMfaDeleteEnabled": "true"}'
    scope = {"ComplianceResourceTypes": ["AWS::S3::Bucket"], "ComplianceResourceId": "b"}
    rule = managed(VERSIONED, InputParameters=given, Scope=scope)
    config.put_config_rule(ConfigRule=rule | {"MaximumExecutionFrequency": "Six_Hours"})
    (kept,) = config.describe_config_rules(ConfigRuleNames=[rule["ConfigRuleName"]])["ConfigRules"]
    assert (kept["InputParameters"], kept["Scope"]) == (given, scope)
    again = {**kept, "Description": "put again by its ARN"}
    del again["ConfigRuleName"], again["ConfigRuleId"]
    config.put_config_rule(ConfigRule=again)
    (kept,) = config.describe_config_rules(ConfigRuleNames=[rule["ConfigRuleName"]])["ConfigRules"]
    assert kept["Description"] == "put again by its ARN"
    config.put_config_rule(ConfigRule=policy())
    (told,) = config.describe_config_rules(ConfigRuleNames=["own"])["ConfigRules"]
    assert told["Source"]["CustomPolicyDetails"]["PolicyText"] == ""
    text = config.get_custom_rule_policy(ConfigRuleName="own")["PolicyText"]
    assert text == "rule a { resourceName exists }"
    with pytest.raises(ClientError, match="not a custom policy rule"):
        config.get_custom_rule_policy(ConfigRuleName=rule["ConfigRuleName"])


def mode(frequency="DAILY", *overrides):
    return {"recordingFrequency": frequency, "recordingModeOverrides": list(overrides)}


def override(*types, frequency="CONTINUOUS"):
    return {"resourceTypes": list(types), "recordingFrequency": frequency}


@pytest.mark.parametrize(
    "wrong",
    [
        mode("HOURLY"),
        mode("DAILY", override("AWS::S3::Bucket"), override("AWS::EC2::VPC")),
        mode("DAILY", override("AWS::Config::ResourceCompliance")),
    ],
)
def test_a_recording_mode_is_refused(config, wrong):
    number = config.meta.region_name
    with pytest.raises(ClientError) as caught:
        record(config, number, mode=wrong)
    assert caught.value.response["Error"]["Code"] == "ValidationException"


def test_a_recording_mode_is_kept_and_told(config):
    (recorder,) = config.describe_configuration_recorders()["ConfigurationRecorders"]
    assert recorder["recordingMode"] == {"recordingFrequency": "CONTINUOUS"}
    wanted = mode("DAILY", override("AWS::S3::Bucket"))
    record(config, recorder["roleARN"].split(":")[4], mode=wanted)
    (recorder,) = config.describe_configuration_recorders()["ConfigurationRecorders"]
    assert recorder["recordingMode"] == wanted
    assert recorder["arn"].endswith(":configuration-recorder/default")
