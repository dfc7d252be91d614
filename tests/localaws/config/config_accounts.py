"""What the tests of Config share: recorders, rules, and looking until something is so."""

import time


def record(config, account, group=None, mode=None):
    recorder = {
        "name": "default",
        "roleARN": f"arn:aws:iam::{account}:role/recorder",
        "recordingGroup": group or {"allSupported": True, "includeGlobalResourceTypes": True},
    }
    if mode is not None:
        recorder["recordingMode"] = mode
    config.put_configuration_recorder(ConfigurationRecorder=recorder)
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "deliveries"})
    config.start_configuration_recorder(ConfigurationRecorderName="default")


def managed(identifier, name=None, **more):
    return {
        "ConfigRuleName": name or identifier.lower().replace("_", "-"),
        "Source": {"Owner": "AWS", "SourceIdentifier": identifier},
        **more,
    }


def found(config, rule):
    """What a rule says, by resource."""
    pages = config.get_paginator("get_compliance_details_by_config_rule")
    results = pages.paginate(ConfigRuleName=rule).build_full_result()["EvaluationResults"]
    return {
        result["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]: result[
            "ComplianceType"
        ]
        for result in results
    }


def eventually(look, wanted):
    """Look until something is as it is wanted."""
    end = time.monotonic() + 20
    while (now := look()) != wanted:
        assert time.monotonic() < end, f"{now} is not {wanted}"
        time.sleep(0.05)
