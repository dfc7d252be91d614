"""Condition keys that a call has by itself, whatever it claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from layers_store import HOME, NOW, OBJECT, REGION, Role, caller, decide, store, text

from landrail.localaws.api import Caller
from landrail.localaws.layers import Circumstances, Layers, Way


def keys_of(who: Caller, circumstances: Circumstances = NOW, **more: Any) -> Mapping[str, Any]:
    layers = Layers(store(), lambda account, region, arn: None)
    request, _ = layers.collect(who, "s3:GetObject", OBJECT, HOME, circumstances, **more)
    return request.context


def test_derived_keys_are_the_gateways() -> None:
    claimed = {"aws:SourceIp": "8.8.8.8", "aws:PrincipalOrgID": "o-z", "aws:ViaAWSService": "true"}
    keys = keys_of(caller(), context=claimed)
    assert keys["aws:SourceIp"] == "127.0.0.1"
    assert keys["aws:PrincipalOrgID"] == keys["aws:ResourceOrgID"] == "o-a"
    assert keys["aws:PrincipalOrgPaths"] == ("o-a/r-b/ou-c/",)
    assert keys["aws:ViaAWSService"] == "false"
    assert keys["aws:RequestedRegion"] == REGION
    assert keys["aws:ResourceAccount"] == HOME
    assert keys["aws:TokenIssueTime"].startswith("2026-")
    assert "aws:MultiFactorAuthPresent" not in keys
    assert keys_of(caller(mfa=True))["aws:MultiFactorAuthAge"] == "60"


def test_network_keys_do_not_go_with_a_service() -> None:
    inside = replace(NOW, way=Way(vpc="vpc-1", vpce="vpce-1"))
    direct = keys_of(caller(), inside)
    assert (direct["aws:SourceVpc"], direct["aws:SourceVpce"]) == ("vpc-1", "vpce-1")
    through = keys_of(caller(), inside, via="s3.amazonaws.com")
    assert "aws:SourceVpc" not in through
    assert through["aws:CalledVia"] == ("s3.amazonaws.com",)


def test_tags_of_the_resource_are_read_where_a_policy_asks() -> None:
    by_tag = text(
        [
            {
                "Effect": "Allow",
                "Action": "*",
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:ResourceTag/team": "churn"}},
            }
        ]
    )
    held = store(tags={"team": "churn"})
    held.roles[(HOME, "r")] = Role(f"arn:aws:iam::{HOME}:role/r", policies=(("tag", by_tag),))
    endpoint = f"arn:aws:sagemaker:{REGION}:{HOME}:endpoint/e"
    assert decide(held, caller(), "sagemaker:DeleteEndpoint", endpoint).allowed
    held.tags = {}
    assert not decide(held, caller(), "sagemaker:DeleteEndpoint", endpoint).allowed
    claimed = {"aws:RequestTag/team": "churn"}
    assert not decide(held, caller(), "sagemaker:AddTags", endpoint, context=claimed).allowed
    assert decide(held, caller(), "sagemaker:CreateEndpoint", endpoint, context=claimed).allowed
