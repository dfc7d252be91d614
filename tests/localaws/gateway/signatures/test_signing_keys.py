"""Which keys a signature is good with: live ones, each with its own token.

Source: IAM User Guide, "Troubleshoot AWS Signature Version 4 errors".
"""

from __future__ import annotations

from signature_calls import JSON, WHO
from signed_wire import Key, presigned, signed

from landrail.localaws.api import Caller
from landrail.localaws.store import CredentialStore, Tables


def test_tokens_of_sessions(local_aws, ask, session, key, thing):
    one, other = session
    plain = Key(one.access, one.secret)
    crossed = Key(one.access, one.secret, other.token)
    forged = Key(one.access, one.secret, "lrt1" + "A" * 40)
    spare = Key(key.access, key.secret, other.token)
    endpoint = local_aws.endpoint
    assert ask(signed(WHO, one, endpoint))[0] == 200
    for wrong in (plain, crossed, forged, spare):
        assert ask(signed(WHO, wrong, endpoint))[:2] == (403, "InvalidClientTokenId")
        assert ask(signed(JSON, wrong, endpoint))[:2] == (400, "UnrecognizedClientException")
    assert ask(signed(thing, plain, endpoint))[:2] == (403, "InvalidAccessKeyId")
    for wrong in (crossed, forged, spare):
        assert ask(signed(thing, wrong, endpoint))[:2] == (400, "InvalidToken")
        assert ask(presigned(thing, wrong, endpoint))[:2] == (400, "InvalidToken")


def test_the_token_must_be_signed(local_aws, ask, session):
    one = session[0]
    bare = signed(WHO, Key(one.access, one.secret), local_aws.endpoint)
    wire = bare.with_headers(("X-Amz-Security-Token", str(one.token)))
    assert ask(wire)[:2] == (403, "SignatureDoesNotMatch")


def test_keys_that_are_switched_off(local_aws, key, ask, unique):
    iam, name = local_aws.client("iam"), unique("off")
    iam.create_user(UserName=name)
    made = iam.create_access_key(UserName=name)["AccessKey"]
    own = Key(made["AccessKeyId"], made["SecretAccessKey"])
    assert ask(signed(WHO, own, local_aws.endpoint))[0] == 200
    known = {"UserName": name, "AccessKeyId": own.access}
    iam.update_access_key(**known, Status="Inactive")
    assert ask(signed(WHO, own, local_aws.endpoint))[:2] == (403, "InvalidClientTokenId")
    iam.update_access_key(**known, Status="Active")
    assert ask(signed(WHO, own, local_aws.endpoint))[0] == 200
    iam.delete_access_key(**known)
    assert ask(signed(WHO, own, local_aws.endpoint))[:2] == (403, "InvalidClientTokenId")


def test_credentials_that_have_ended(local_aws, key, ask, thing):
    """STS gives none for so short a time: these are written where it keeps them."""
    tables = Tables(local_aws.state / "tables.sqlite")
    store = CredentialStore(tables)
    root = Caller(
        kind="root",
        arn=f"arn:aws:iam::{local_aws.management_account}:root",
        account=local_aws.management_account,
    )
    live, dead = (store.issue(root, seconds) for seconds in (60, -1))
    tables.close()
    one, other = (Key(c.access_key_id, c.secret_access_key, c.session_token) for c in (live, dead))
    endpoint = local_aws.endpoint
    assert ask(signed(WHO, one, endpoint))[0] == 200
    assert ask(signed(WHO, other, endpoint))[:2] == (403, "ExpiredToken")
    assert ask(signed(JSON, other, endpoint))[:2] == (400, "ExpiredTokenException")
    assert ask(signed(thing, other, endpoint))[:2] == (400, "ExpiredToken")
    assert ask(presigned(thing, other, endpoint))[:2] == (400, "ExpiredToken")
