"""Tokens of OpenID Connect issuers: what is wrong with each, and which keys are good for whom.

Source: RFC 7519, sections 4 and 7; RFC 8725; API AssumeRoleWithWebIdentity.
"""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from landrail.localaws.api import ApiError
from landrail.localaws.webidentity import verify

STAND_IN = "https://identity.landrail.local"
OTHER = "https://login.example.com/tenant"


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Issuer:
    """An issuer with a key of its own."""

    def __init__(self, kid: str) -> None:
        self.kid = kid
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def jwks(self) -> str:
        """Its key set."""
        numbers = self.key.public_key().public_numbers()
        key = {
            "kty": "RSA",
            "kid": self.kid,
            "n": _encode(numbers.n.to_bytes(256, "big")),
            "e": _encode(numbers.e.to_bytes(3, "big")),
        }
        return json.dumps({"keys": [key]})

    def token(self, claims: Any, **header: Any) -> str:
        """A token with these claims."""
        head = {"alg": "RS256", "kid": self.kid, **header}
        text = f"{_encode(json.dumps(head).encode())}.{_encode(json.dumps(claims).encode())}"
        return f"{text}.{_encode(self.key.sign(text.encode(), PKCS1v15(), hashes.SHA256()))}"


@pytest.fixture(scope="module")
def issuers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Issuer, Issuer]:
    """A folder with the keys of the stand-in and of another issuer."""
    folder = tmp_path_factory.mktemp("identity")
    one, two = Issuer("one"), Issuer("two")
    (folder / "jwks.json").write_text(one.jwks())
    (folder / "issuers").mkdir()
    (folder / "issuers" / "login.example.com%2Ftenant.json").write_text(two.jwks())
    return folder, one, two


def _claims(**changed: Any) -> dict[str, Any]:
    now = time.time()
    claims = {"iss": STAND_IN, "sub": "ana", "aud": "landrail", "iat": now, "exp": now + 600}
    return {k: v for k, v in {**claims, **changed}.items() if v is not None}


def test_a_token_that_is_right(issuers):
    folder, one, two = issuers
    found = verify(one.token(_claims(amr=["pwd", "mfa"])), folder)
    assert (found.issuer, found.subject, found.amr) == (
        "identity.landrail.local",
        "ana",
        ("pwd", "mfa"),
    )
    assert verify(two.token(_claims(iss=OTHER)), folder).issuer == "login.example.com/tenant"


def test_a_key_is_good_for_its_own_issuer_alone(issuers):
    folder, one, two = issuers
    for token in (
        one.token(_claims(iss=OTHER)),
        two.token(_claims()),
        one.token(_claims(iss="https://accounts.example.org")),
        one.token(_claims(iss="https://../jwks")),
        two.token(_claims(iss=OTHER), kid="one"),
    ):
        with pytest.raises(ApiError) as caught:
            verify(token, folder)
        assert caught.value.code == "InvalidIdentityToken"


NOW = time.time()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"exp": NOW - 1}, "ExpiredTokenException"),
        ({"exp": 0}, "ExpiredTokenException"),
        ({"exp": None}, "InvalidIdentityToken"),
        ({"exp": float("nan")}, "InvalidIdentityToken"),
        ({"exp": float("inf")}, "InvalidIdentityToken"),
        ({"exp": True}, "InvalidIdentityToken"),
        ({"exp": "9999999999"}, "InvalidIdentityToken"),
        ({"exp": 10**400}, "InvalidIdentityToken"),
        ({"iat": None}, "InvalidIdentityToken"),
        ({"iat": NOW + 3600}, "InvalidIdentityToken"),
        ({"nbf": NOW + 3600}, "InvalidIdentityToken"),
        ({"sub": None}, "InvalidIdentityToken"),
        ({"sub": ["ana"]}, "InvalidIdentityToken"),
        ({"aud": None}, "InvalidIdentityToken"),
        ({"aud": ["a", "b"]}, "InvalidIdentityToken"),
        ({"aud": 1}, "InvalidIdentityToken"),
        ({"iss": None}, "InvalidIdentityToken"),
        ({"iss": "http://identity.landrail.local"}, "InvalidIdentityToken"),
    ],
)
def test_claims_that_are_wrong(issuers, changed, code):
    folder, one, _ = issuers
    with pytest.raises(ApiError) as caught:
        verify(one.token(_claims(**changed)), folder)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "RS512"},
        {"kid": "x"},
        {"kid": None},
        {"kid": 1},
        {"crit": ["exp"]},
    ],
)
def test_headers_that_are_wrong(issuers, header):
    folder, one, _ = issuers
    with pytest.raises(ApiError) as caught:
        verify(one.token(_claims(), **header), folder)
    assert caught.value.code == "InvalidIdentityToken"


def test_texts_that_are_no_tokens(issuers):
    folder, one, _ = issuers
    right = one.token(_claims())
    head, body, tail = right.split(".")
    deep = _encode(b"[" * 100_000 + b"]" * 100_000)
    none = _encode(json.dumps({"alg": "none"}).encode())
    for text in (
        "",
        "a.b.c",
        head,
        f"{head}.{body}.",
        f"{head}.{body}",
        f"{none}.{body}.",
        f"{head}.{deep}.{tail}",
        f"{_encode(b'[]')}.{body}.{tail}",
        f"{right}.x",
        right[:-4] + "AAAA",
        right.replace(".", ".A", 1),
    ):
        with pytest.raises(ApiError) as caught:
            verify(text, folder)
        assert caught.value.code == "InvalidIdentityToken"


@pytest.mark.parametrize(
    "tags",
    [
        [],
        {"principal_tags": []},
        {"principal_tags": {"Team": ["a", "b"]}},
        {"principal_tags": {"Team": 1}},
        {"principal_tags": {}, "transitive_tag_keys": "Team"},
        {"principal_tags": {}, "transitive_tag_keys": [1]},
    ],
)
def test_tags_in_a_token_have_a_form(issuers, tags):
    folder, one, _ = issuers
    with pytest.raises(ApiError) as caught:
        verify(one.token({**_claims(), "https://aws.amazon.com/tags": tags}), folder)
    assert caught.value.code == "InvalidIdentityToken"


def test_another_issuers_token_gives_tags_and_a_source_identity(local_aws, unique):
    """Its key set is put into the state folder; the role must let tags and identity in."""
    issuer, host = Issuer("own"), f"{unique('login')}.example.com"
    folder = local_aws.state / "identity" / "issuers"
    folder.mkdir(exist_ok=True)
    (folder / f"{host}.json").write_text(issuer.jwks())
    account = local_aws.account("web-identity")
    iam = local_aws.client("iam", local_aws.administrator(account))
    provider = iam.create_open_id_connect_provider(
        Url=f"https://{host}", ClientIDList=["landrail"], ThumbprintList=["0" * 40]
    )["OpenIDConnectProviderArn"]

    def role(*actions: str) -> str:
        statement = {
            "Effect": "Allow",
            "Principal": {"Federated": provider},
            "Action": list(actions),
            "Condition": {"StringEquals": {f"{host}:sub": "ana", f"{host}:aud": "landrail"}},
        }
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        found = iam.create_role(RoleName=unique("web"), AssumeRolePolicyDocument=document)
        return str(found["Role"]["Arn"])

    enters = "sts:AssumeRoleWithWebIdentity"
    closed, opened = role(enters), role(enters, "sts:TagSession", "sts:SetSourceIdentity")
    sts = local_aws.client("sts", config=Config(signature_version=UNSIGNED))
    plain = issuer.token(_claims(iss=f"https://{host}"))
    told = {
        "https://aws.amazon.com/tags": {
            "principal_tags": {"Team": ["risk"]},
            "transitive_tag_keys": ["Team"],
        },
        "https://aws.amazon.com/source_identity": "ana",
    }
    tagged = issuer.token({**_claims(iss=f"https://{host}"), **told})
    known = {"RoleSessionName": "ana"}
    enter = sts.assume_role_with_web_identity
    assert enter(RoleArn=closed, WebIdentityToken=plain, **known)["Provider"] == provider
    answer = enter(RoleArn=opened, WebIdentityToken=tagged, **known)
    assert answer["SourceIdentity"] == "ana"
    with pytest.raises(ClientError) as caught:
        enter(RoleArn=closed, WebIdentityToken=tagged, **known)
    assert caught.value.response["Error"]["Code"] == "AccessDenied"
