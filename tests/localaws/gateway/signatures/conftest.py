"""Keys to sign with, an object to ask for, and how to ask."""

from __future__ import annotations

import re

import pytest
from signed_wire import Call, Key, Wire, send


@pytest.fixture(scope="session")
def key(local_aws):
    """The key of a user."""
    found = local_aws.bootstrap.get_credentials()
    return Key(found.access_key, found.secret_key)


@pytest.fixture(scope="session")
def session(local_aws):
    """The keys of two sessions of one role."""
    account = local_aws.account("signatures")
    made = [local_aws.administrator(account).get_credentials() for _ in range(2)]
    return [Key(k.access_key, k.secret_key, k.token) for k in made]


@pytest.fixture(scope="session")
def ask(local_aws):
    """Send a request and return its status and the error's code, empty for none."""

    def asked(wire: Wire) -> tuple[int, str, str]:
        reply = send(local_aws.endpoint, wire)
        code = re.search(r'<Code>(.*?)</Code>|"__type": "(.*?)"', reply.text)
        message = re.search(r'<Message>(.*?)</Message>|"message": "(.*?)"', reply.text)
        return (
            reply.status,
            (code[1] or code[2]) if code else "",
            ((message[1] or message[2]) if message else "").replace("&quot;", '"'),
        )

    return asked


@pytest.fixture(scope="session")
def thing(local_aws):
    """An object."""
    s3 = local_aws.client("s3")
    s3.create_bucket(
        Bucket="signature-tests", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    s3.put_object(Bucket="signature-tests", Key="a/thing", Body=b"kept")
    return Call("s3", path="/signature-tests/a/thing")
