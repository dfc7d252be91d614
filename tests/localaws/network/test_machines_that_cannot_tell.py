"""Where the kernel does not tell whose a connection is, a listener asks for its own role."""

from __future__ import annotations

import os
import uuid

import boto3
import pytest
from botocore.exceptions import ClientError
from network_places import REGION, client

from landrail.localaws.api import Caller, Origin
from landrail.localaws.gateway.app import App
from landrail.localaws.gateway.asked import Done
from landrail.localaws.gateway.network.listeners import Listeners
from landrail.localaws.gateway.registry import Registry
from landrail.localaws.store import CredentialStore, Store, Tables

ACCOUNT = "121212343434"
PLACE = Origin("10.0.0.4", ACCOUNT, REGION, "vpc-1", "subnet-1")


class Everything:
    """A gate that lets all through and remembers it, and who was turned away before it."""

    def __init__(self) -> None:
        self.seen = []
        self.turned = []

    def turned_away(self, request, error):
        self.turned.append(error.code)

    def enter(self, asked):
        self.seen.append(asked)
        return Done(asked, None, {"Account": asked.caller.account, "Arn": asked.caller.arn})


@pytest.fixture
def credentials(tmp_path):
    tables = Tables(tmp_path / "tables.sqlite")
    yield CredentialStore(tables)
    tables.close()


@pytest.fixture(scope="module")
def role():
    store = Store()

    def make(name):
        params = {"RoleName": f"{name}-{uuid.uuid4().hex[:8]}", "AssumeRolePolicyDocument": "{}"}
        return store.execute(ACCOUNT, "us-east-1", "iam", "CreateRole", params)["Role"]

    return make


def session(credentials, role):
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{role['RoleName']}/s"
    user = f"{role['RoleId']}:s"
    caller = Caller("session", arn, ACCOUNT, user, role_arn=role["Arn"], session_name="s")
    keys = credentials.issue(caller, 600)
    return boto3.Session(keys.access_key_id, keys.secret_access_key, keys.session_token)


@pytest.mark.parametrize(("made_by", "others"), [(None, False), (lambda *_: True, True)])
def test_only_the_role_it_was_opened_for(credentials, role, made_by, others):
    gate, mine = Everything(), role("job")
    listeners = Listeners(made_by)
    opened = listeners.open(App(gate, Registry(), credentials), PLACE, mine["Arn"])
    opened.belongs_to(os.getpid())
    own = client("sts", session(credentials, mine), opened.endpoint)
    other = client("sts", session(credentials, role("other")), opened.endpoint)
    try:
        assert own.get_caller_identity()["Account"] == ACCOUNT
        assert gate.seen[-1].caller.origin == PLACE
        if others:
            other.get_caller_identity()
        else:
            with pytest.raises(ClientError) as caught:
                other.get_caller_identity()
            assert caught.value.response["Error"]["Code"] == "AccessDenied"
        assert len(gate.seen) == 1 + others
        assert gate.turned == ([] if others else ["AccessDenied"])
    finally:
        own.close()
        other.close()
        listeners.close_all()
