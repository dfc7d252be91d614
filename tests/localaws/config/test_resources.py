"""What Config recorded of resources: lists, counts, items and histories, in one account and over
those of an aggregator."""

import json

import pytest
from botocore.exceptions import ClientError
from config_accounts import eventually, managed

BUCKET = "AWS::S3::Bucket"


@pytest.fixture(scope="module")
def account(recorded):
    number, client = recorded("with-history")
    s3 = client("s3")
    for name in ("alpha", "beta"):
        place = {"LocationConstraint": "eu-west-1"}
        s3.create_bucket(Bucket=f"{name}-{number}", CreateBucketConfiguration=place)
    tags = {"TagSet": [{"Key": "team", "Value": "blue"}]}
    s3.put_bucket_tagging(Bucket=f"alpha-{number}", Tagging=tags)
    client("config").put_config_rule(ConfigRule=managed("S3_BUCKET_VERSIONING_ENABLED"))
    return number, client


def listed(config, **more):
    answer = config.list_discovered_resources(resourceType=BUCKET, **more)
    return [one["resourceId"] for one in answer["resourceIdentifiers"]]


def test_resources_are_listed_and_counted(account):
    number, client = account
    config, names = client("config"), [f"alpha-{number}", f"beta-{number}"]
    eventually(lambda: listed(config), names)
    assert listed(config, resourceIds=[names[1]]) == [names[1]]
    assert listed(config, resourceName=names[0]) == [names[0]]
    first = config.list_discovered_resources(resourceType=BUCKET, limit=1)
    assert len(first["resourceIdentifiers"]) == 1
    assert listed(config, nextToken=first["nextToken"]) == [names[1]]
    counts = config.get_discovered_resource_counts(resourceTypes=[BUCKET])
    assert counts["totalDiscoveredResources"] == 2
    assert counts["resourceCounts"] == [{"resourceType": BUCKET, "count": 2}]
    with pytest.raises(ClientError) as caught:
        config.list_discovered_resources(resourceType=BUCKET, limit=101)
    assert caught.value.response["Error"]["Code"] == "InvalidLimitException"


def test_items_are_got_at_once(account):
    number, client = account
    keys = [{"resourceType": BUCKET, "resourceId": f"alpha-{number}"}]
    keys.append({"resourceType": BUCKET, "resourceId": "none"})
    answer = client("config").batch_get_resource_config(resourceKeys=keys)
    (item,) = answer["baseConfigurationItems"]
    assert item["arn"] == f"arn:aws:s3:::alpha-{number}"
    assert item["accountId"] == number
    assert json.loads(item["configuration"])["name"] == f"alpha-{number}"
    versioning = item["supplementaryConfiguration"]["BucketVersioningConfiguration"]
    assert json.loads(versioning)["status"] == "Off"
    assert answer["unprocessedResourceKeys"] == [keys[1]]


def test_a_history_tells_what_was(account, unique):
    _, client = account
    config, s3, name = client("config"), client("s3"), unique("was")
    place = {"LocationConstraint": "eu-west-1"}
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=place)

    def statuses(**more):
        try:
            items = config.get_resource_config_history(
                resourceType=BUCKET, resourceId=name, **more
            )["configurationItems"]
        except config.exceptions.ResourceNotDiscoveredException:
            return []
        return [one["configurationItemStatus"] for one in items]

    eventually(statuses, ["ResourceDiscovered"])
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    eventually(statuses, ["OK", "ResourceDiscovered"])
    s3.delete_bucket(Bucket=name)
    eventually(statuses, ["ResourceDeleted", "OK", "ResourceDiscovered"])
    assert statuses(chronologicalOrder="Forward")[0] == "ResourceDiscovered"
    assert statuses(laterTime="2020-01-01T00:00:00Z") == []
    assert name not in listed(config)
    assert name in listed(config, includeDeletedResources=True)
    times = {"earlierTime": "2021-01-01T00:00:00Z", "laterTime": "2020-01-01T00:00:00Z"}
    with pytest.raises(ClientError, match="InvalidTimeRange"):
        config.get_resource_config_history(resourceType=BUCKET, resourceId=name, **times)


def selected(config, expression, **more):
    answer = config.select_resource_config(Expression=expression, **more)
    return [json.loads(one) for one in answer["Results"]]


def test_queries_ask_of_what_is_recorded(account):
    number, client = account
    config = client("config")
    expression = (
        "SELECT resourceId, tags, supplementaryConfiguration.BucketVersioningConfiguration.status "
        "WHERE resourceType = 'AWS::S3::Bucket' AND tags.tag = 'team=blue'"
    )
    (row,) = selected(config, expression)
    assert row["resourceId"] == f"alpha-{number}"
    assert row["supplementaryConfiguration"] == {"BucketVersioningConfiguration": {"status": "Off"}}
    answer = config.select_resource_config(Expression=expression)
    assert answer["QueryInfo"]["SelectFields"][0] == {"Name": "resourceId"}
    said = (
        "SELECT configuration.complianceType, COUNT(*) WHERE resourceType = "
        "'AWS::Config::ResourceCompliance' GROUP BY configuration.complianceType"
    )
    assert selected(config, said) == [
        {"configuration": {"complianceType": "NON_COMPLIANT"}, "COUNT(*)": 2}
    ]
    for wrong in ("SELECT resourceId FROM x", "SELECT instanceType"):
        with pytest.raises(ClientError) as caught:
            config.select_resource_config(Expression=wrong)
        assert caught.value.response["Error"]["Code"] == "InvalidExpressionException"


@pytest.fixture(scope="module")
def aggregator(account, recorded, local_aws):
    """An aggregator of two accounts, one of which has not authorized it."""
    number, client = account
    silent = local_aws.account("silent")
    client("config").put_configuration_aggregator(
        ConfigurationAggregatorName="both",
        AccountAggregationSources=[{"AccountIds": [number, silent], "AwsRegions": ["eu-west-1"]}],
    )
    return {"ConfigurationAggregatorName": "both"}


def test_an_aggregator_sees_what_its_accounts_recorded(account, aggregator):
    number, client = account
    config = client("config")
    found = config.list_aggregate_discovered_resources(ResourceType=BUCKET, **aggregator)
    names = [one["ResourceId"] for one in found["ResourceIdentifiers"]]
    assert names == [f"alpha-{number}", f"beta-{number}"]
    identifier = found["ResourceIdentifiers"][0]
    item = config.get_aggregate_resource_config(ResourceIdentifier=identifier, **aggregator)
    assert item["ConfigurationItem"]["resourceId"] == names[0]
    gone = {**identifier, "ResourceId": "none"}
    answer = config.batch_get_aggregate_resource_config(
        ResourceIdentifiers=[identifier, gone], **aggregator
    )
    assert len(answer["BaseConfigurationItems"]) == 1
    assert answer["UnprocessedResourceIdentifiers"] == [gone]
    counts = config.get_aggregate_discovered_resource_counts(
        GroupByKey="RESOURCE_TYPE", Filters={"ResourceType": BUCKET}, **aggregator
    )
    assert counts["GroupedResourceCounts"] == [{"GroupName": BUCKET, "ResourceCount": 2}]
    answer = config.select_aggregate_resource_config(
        Expression=f"SELECT accountId, COUNT(*) WHERE resourceType = '{BUCKET}' GROUP BY accountId",
        **aggregator,
    )
    assert json.loads(answer["Results"][0]) == {"accountId": number, "COUNT(*)": 2}


def test_an_aggregator_sums_and_tells_whom_it_cannot_see(account, aggregator, local_aws):
    number, client = account
    config = client("config")
    summary = config.get_aggregate_config_rule_compliance_summary(
        GroupByKey="ACCOUNT_ID", **aggregator
    )
    (counts,) = summary["AggregateComplianceCounts"]
    assert counts["GroupName"] == number
    assert counts["ComplianceSummary"]["NonCompliantResourceCount"]["CappedCount"] == 1
    statuses = config.describe_configuration_aggregator_sources_status(**aggregator)
    told = {s["SourceId"]: s["LastUpdateStatus"] for s in statuses["AggregatedSourceStatusList"]}
    assert told == {number: "SUCCEEDED", local_aws.account("silent"): "FAILED"}
    failed = config.describe_configuration_aggregator_sources_status(
        UpdateStatus=["FAILED"], **aggregator
    )["AggregatedSourceStatusList"]
    assert [one["SourceId"] for one in failed] == [local_aws.account("silent")]
