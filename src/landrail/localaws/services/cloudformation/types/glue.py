"""AWS::Glue: databases and tables of the data catalog."""

from __future__ import annotations

from typing import Any

from landrail.localaws.services.cloudformation.types.documents import trimmed
from landrail.localaws.services.cloudformation.types.kind import (
    Aspect,
    Context,
    Made,
    Props,
    ResourceType,
    found,
    gone,
    picked,
    table,
)
from landrail.localaws.services.cloudformation.types.shapes import (
    BOOLEAN,
    INTEGER,
    TEXT,
    many,
    mapping,
    obj,
)

_DATABASE = obj(Description=TEXT, LocationUri=TEXT, Name=TEXT, Parameters=mapping(TEXT))
_COLUMN = obj("Name", Comment=TEXT, Name=TEXT, Type=TEXT)
_STORAGE = obj(
    BucketColumns=many(TEXT),
    Columns=many(_COLUMN),
    Compressed=BOOLEAN,
    InputFormat=TEXT,
    Location=TEXT,
    NumberOfBuckets=INTEGER,
    OutputFormat=TEXT,
    Parameters=mapping(TEXT),
    SerdeInfo=obj(Name=TEXT, Parameters=mapping(TEXT), SerializationLibrary=TEXT),
    StoredAsSubDirectories=BOOLEAN,
)
_TABLE = obj(
    Description=TEXT,
    Name=TEXT,
    Owner=TEXT,
    Parameters=mapping(TEXT),
    PartitionKeys=many(_COLUMN),
    Retention=INTEGER,
    StorageDescriptor=_STORAGE,
    TableType=TEXT,
)


def _database_name(context: Context, props: Props) -> str:
    given = props.get("DatabaseName") or props["DatabaseInput"].get("Name")
    return str(given or f"{context.stack_name}-{context.logical_id}".lower())


def _database(name: str, props: Props) -> dict[str, Any]:
    return {**props["DatabaseInput"], "Name": name}


def _make_database(context: Context, props: Props) -> Made:
    name = _database_name(context, props)
    context.call(
        "glue",
        "CreateDatabase",
        CatalogId=props["CatalogId"],
        DatabaseInput=_database(name, props),
    )
    return Made(name)


def _read_database(context: Context, name: str, desired: Props) -> Props | None:
    answer = found(context, "glue", "GetDatabase", CatalogId=desired["CatalogId"], Name=name)
    if answer is None:
        return None
    return {
        **picked(desired, "CatalogId", "DatabaseName"),
        "DatabaseInput": trimmed(_DATABASE, answer["Database"]),
    }


def _put_database(context: Context, name: str, new: Props, _: Props) -> None:
    context.call(
        "glue",
        "UpdateDatabase",
        CatalogId=new["CatalogId"],
        Name=name,
        DatabaseInput=_database(name, new),
    )


_DATABASES = ResourceType(
    name="AWS::Glue::Database",
    properties={"CatalogId": TEXT, "DatabaseInput": _DATABASE, "DatabaseName": TEXT},
    required=("CatalogId", "DatabaseInput"),
    replaces=frozenset({"CatalogId", "DatabaseName"}),
    create=_make_database,
    read=_read_database,
    delete=lambda c, name, p: gone(
        c, "glue", "DeleteDatabase", CatalogId=p["CatalogId"], Name=name
    ),
    aspects=(Aspect(("DatabaseInput",), _put_database, on_create=False),),
    identity=_database_name,
    refresh=lambda *_: {},
)


def _table_name(context: Context, props: Props) -> str:
    given = props.get("Name") or props["TableInput"].get("Name")
    return str(given or f"{context.stack_name}-{context.logical_id}".lower())


def _place(props: Props) -> dict[str, Any]:
    return picked(props, "CatalogId", "DatabaseName")


def _make_table(context: Context, props: Props) -> Made:
    name = _table_name(context, props)
    wanted = {**props["TableInput"], "Name": name}
    context.call("glue", "CreateTable", TableInput=wanted, **_place(props))
    return Made(name)


def _read_table(context: Context, name: str, desired: Props) -> Props | None:
    answer = found(context, "glue", "GetTable", Name=name, **_place(desired))
    if answer is None:
        return None
    return {
        **picked(desired, "CatalogId", "DatabaseName", "Name"),
        "TableInput": trimmed(_TABLE, answer["Table"]),
    }


def _put_table(context: Context, name: str, new: Props, _: Props) -> None:
    wanted = {**new["TableInput"], "Name": name}
    context.call("glue", "UpdateTable", TableInput=wanted, **_place(new))


_TABLES = ResourceType(
    name="AWS::Glue::Table",
    properties={"CatalogId": TEXT, "DatabaseName": TEXT, "Name": TEXT, "TableInput": _TABLE},
    required=("CatalogId", "DatabaseName", "TableInput"),
    replaces=frozenset({"CatalogId", "DatabaseName", "Name"}),
    create=_make_table,
    read=_read_table,
    delete=lambda c, name, p: gone(c, "glue", "DeleteTable", Name=name, **_place(p)),
    aspects=(Aspect(("TableInput",), _put_table, on_create=False),),
    identity=_table_name,
    refresh=lambda *_: {},
)

TYPES = table(_DATABASES, _TABLES)
