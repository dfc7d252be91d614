"""Glue: tables with their database and catalog, and what its other resources are called.

Source: Service Authorization Reference, "AWS Glue"; Glue Developer Guide, "Specifying AWS Glue
resource ARNs": an operation on a table needs the table, its database and the catalog.
"""

from __future__ import annotations

from collections.abc import Sequence

from landrail.localaws.gateway.requests.arns import all_at
from landrail.localaws.gateway.requests.general import known
from landrail.localaws.gateway.requests.rules import Names, Rules
from landrail.localaws.gateway.requests.values import Authorization, Call, Lookup

# Every operation of these on the catalog's tree of databases and tables.
_TREE = """
CreateDatabase GetDatabase GetDatabases UpdateDatabase DeleteDatabase CreateTable GetTable GetTables
UpdateTable DeleteTable BatchDeleteTable GetTableVersion GetTableVersions GetPartition GetPartitions
CreatePartition BatchCreatePartition UpdatePartition DeletePartition BatchDeletePartition
BatchGetPartition SearchTables BatchGetTableOptimizer
"""
_DATABASES = ("DatabaseName", "DatabaseInput.Name", "Entries.databaseName")
_TABLES = ("TableName", "TableInput.Name", "TablesToDelete", "Entries.tableName")


def _tree(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    """A table is authorized with its database and its catalog, a database with its catalog."""
    name, action = known(call, f"glue:{call.operation}")
    kinds = {t.name for t in action.resources}
    base = f"arn:aws:glue:{call.region}:{call.account}"
    databases, tables, plain = (
        _given(call, _DATABASES),
        _given(call, _TABLES),
        _given(call, ("Name",)),
    )
    if "Table" in call.operation and not tables:
        tables = plain
    elif not databases and "database" in kinds:
        databases = plain
    found = [f"{base}:catalog"] if "catalog" in kinds else []
    if "database" in kinds:
        found += [f"{base}:database/{d}" for d in databases or ["*"]]
    if "table" in kinds:
        pairs = [(d, t) for d in databases or ["*"] for t in tables or ["*"]]
        found += [f"{base}:table/{d}/{t}" for d, t in pairs]
    return [Authorization(name, arn, call.account) for arn in found]


def _given(call: Call, paths: Sequence[str]) -> list[str]:
    return [str(v) for p in paths for each in all_at(call.params, p) for v in _each(each)]


def _each(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else [value]


_NAMES: Names = {
    "CatalogName": ("CatalogId", "Name"),
    "ConnectionName": ("ConnectionName", "ConnectionNameList", "ConnectionInput.Name", "Name"),
    "DevEndpointName": ("EndpointName", "DevEndpointNames"),
    "IntegrationId": ("IntegrationIdentifier",),
    "JobName": ("JobName", "JobNames", "Name"),
    "RegistryName": (
        "RegistryName",
        "RegistryId.RegistryName",
        "RegistryId.RegistryArn",
        "SchemaId.RegistryName",
    ),
    "RulesetName": ("RulesetNames", "Name", "RulesetName"),
    "SchemaName": ("SchemaName", "SchemaId.SchemaName", "SchemaId.SchemaArn"),
    "SessionId": ("Id", "SessionId"),
    "TransformId": ("TransformId",),
    "UsageProfileId": ("Name",),
    "UserDefinedFunctionName": ("FunctionName", "FunctionInput.FunctionName"),
}
# The service alone knows which ruleset, job or transform a run is of.
_UNNAMED = """
CancelDataQualityRuleRecommendationRun CancelDataQualityRulesetEvaluationRun
PutDataQualityProfileAnnotation
"""

GLUE = Rules(
    "glue",
    owner="CatalogId",
    custom=dict.fromkeys(_TREE.split(), _tree),
    names=_NAMES,
    # A function's whole database is meant where no function is named, and so for a schema's
    # registry, which may stand in the schema's ARN.
    stand_ins={"UserDefinedFunctionName": "*", "RegistryName": "*"},
    unnamed=frozenset(_UNNAMED.split()),
    passed_to="glue.amazonaws.com",
)
