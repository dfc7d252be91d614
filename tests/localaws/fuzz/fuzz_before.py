"""How requests are mutated before they are signed: what a caller might ask, and may not.

Each function takes its dice and a call and returns another one. What a mutant means is not told
here; `fuzz_reading` reads it off the bytes.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from fuzz_stage import BUCKET, CANARY, LOCKED, OUTSIDE
from signed_wire import Call

Before = Callable[[random.Random, Call], Call]

_STRANGE: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    10**400,
    1e308,
    "",
    "\x00",
    "\ud7ff\U0001f600",
    "../closed/one",
    "/closed/one",
    "/allowed/../closed/one",
    "fuzz-closed",
    "*",
    "${aws:username}",
    "%2e%2e",
    "a" * 5000,
    [],
    {},
    ["x"] * 50,
    {"a": {"b": {"c": []}}},
    "arn:aws:iam::000000000000:role/x",
    "arn:aws:s3:::" + OUTSIDE,
    "2026-13-45T99:99:99Z",
    "<!DOCTYPE x>",
)


_NAMES = """
acl policy tagging versionId uploads uploadId partNumber list-type prefix delimiter max-keys
continuation-token versioning lifecycle cors encryption object-lock retention attributes torrent
restore select response-content-type Action Version marker delete legal-hold publicAccessBlock
ownershipControls replication logging notification website x-id start-after encoding-type
fetch-owner versions
"""
_PARAMETERS = _NAMES.split()


def json_body(dice: random.Random, call: Call) -> Call:
    """Change a value of a JSON body, add one, or break its form."""
    try:
        document = json.loads(call.body or b"{}")
        names, kind = list(document), dice.randrange(6)
    except (ValueError, TypeError, RecursionError):
        return call.with_(body=call.body + b"}")
    if not isinstance(document, dict):
        return call.with_(body=b"{}")
    if kind == 0 and names:
        document[dice.choice(names)] = dice.choice(_STRANGE)
    elif kind == 1:
        document[dice.choice(("Name", "Names", "x", "__type", "logGroupName", ""))] = dice.choice(
            _STRANGE
        )
    elif kind == 2:
        deep = dice.choice((50, 2000, 100_000))
        return call.with_(body=b'{"Name":' + b"[" * deep + b"]" * deep + b"}")
    elif kind == 3:
        text = json.dumps(document)
        place = dice.randrange(len(text) + 1)
        noise = dice.choice(("\x00", "}", '"', ",", "NaN", "1e999", "//", "\\ud800", "[]"))
        return call.with_(body=(text[:place] + noise + text[place:]).encode())
    elif kind == 4 and names:
        name = dice.choice(names)
        other = json.dumps({name: dice.choice(_STRANGE)})[1:]
        return call.with_(body=(json.dumps(document)[:-1] + "," + other).encode())
    else:
        body = dice.choice(
            (b"[]", b"null", b"1", b'"x"', b"\xff\xfe", b"\xef\xbb\xbf{}", b"", b"{")
        )
        return call.with_(body=body)
    return call.with_(body=json.dumps(document).encode())


def form_body(dice: random.Random, call: Call) -> Call:
    """Change a field of a form, repeat one, or break it."""
    fields = [item.split("=", 1) for item in call.body.decode().split("&")]
    place = dice.randrange(len(fields))
    value = dice.choice([s for s in _STRANGE if isinstance(s, str)])
    kind = dice.randrange(6)
    if kind == 0:
        fields[place][1] = quote(value.encode("utf-8", "replace"))
    elif kind == 1:
        fields.append([fields[place][0], quote(value.encode("utf-8", "replace"))])
    elif kind == 2:
        names = (
            "Tags.member.1.Key",
            "Tags.member.99999.Key",
            "PolicyArns.member.1.arn",
            "RoleName",
        )
        fields.append([dice.choice(names), "x"])
    elif kind == 3:
        actions = ("ListRoles", "GetSecretValue", "DeleteRole", "GetSessionToken", "", "a" * 300)
        fields[0][1] = dice.choice(actions)
    elif kind == 4:
        fields[place][1] = dice.choice(("%ff", "%00", "%zz", "9" * 400, "-1", "1e9"))
    else:
        fields += [[f"Filter.{i}.Value.1", "x"] for i in range(dice.choice((3, 1500)))]
    return call.with_(body="&".join("=".join(item) for item in fields).encode())


def xml_body(dice: random.Random, call: Call) -> Call:
    """Break a document, or make it grow."""
    bomb = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    deep = dice.choice((100, 5000, 50_000))
    return call.with_(
        body=dice.choice(
            (
                f'<!DOCTYPE x [<!ENTITY l0 "lol">{bomb}]><Tagging>&l9;</Tagging>'.encode(),
                b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><Tagging/>',
                b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><Tagging>&e;</Tagging>',
                b"<a>" * deep + b"</a>" * deep,
                call.body[: dice.randrange(len(call.body) + 1)],
                call.body.replace(b"<Key>", b"<Key>\x00"),
                call.body.replace(b"allowed/gone", b"closed/a"),
                call.body.replace(b"allowed/gone", LOCKED.encode()),
                call.body.replace(b"<Key>a</Key>", b"<Key>" + b"k" * 5000 + b"</Key>"),
                call.body.replace(b"<Tag>", b"<Tag>" * 3),
                b"\xff\xfe<a/>",
                b'<?xml version="1.0" encoding="utf-7"?><a/>',
                b'<?xml version="1.0" encoding="nonsense"?><a/>',
                b"",
                b"{}",
            )
        )
    )


def other_path(dice: random.Random, call: Call) -> Call:
    """Ask for another path."""
    paths = (
        f"/{BUCKET}/closed/a",
        f"/{BUCKET}/allowed/../closed/a",
        f"/{BUCKET}/allowed/%2e%2e/closed/a",
        f"/{BUCKET}//allowed/open",
        f"/{BUCKET}/allowed%2Fopen",
        f"/{BUCKET}%2Fallowed/open",
        f"/{BUCKET}/allowed",
        f"/{BUCKET}/{LOCKED}",
        f"/{BUCKET}/",
        f"/{BUCKET}",
        f"/{OUTSIDE}/allowed/open",
        f"/{OUTSIDE}",
        f"/../{OUTSIDE}/allowed/open",
        "/",
        "//",
        "/%00",
        f"/{BUCKET}/allowed/%FF",
        f"/{BUCKET}/allowed/" + "k" * 1100,
        f"/{BUCKET}/allowed/%F0%9F%98%80",
        "/v1/domain",
        "/v1/domain/permissions/policy",
        "/v20180820/configuration/publicAccessBlock",
    )
    return call.with_(path=dice.choice(paths))


def other_query(dice: random.Random, call: Call) -> Call:
    """Add parameters, or change them."""
    value = dice.choice([s for s in _STRANGE if isinstance(s, str)] + ["2", "1000", "-1", "1e9"])
    value = value.encode("utf-8", "replace").decode()
    added = ((dice.choice(_PARAMETERS), dice.choice((value, ""))),) * dice.choice((1, 1, 2))
    return call.with_(query=(*call.query, *added) if dice.random() < 0.7 else added)


def other_headers(dice: random.Random, call: Call) -> Call:
    """Ask for more by signed headers."""
    name, value = dice.choice(
        (
            ("X-Amz-Acl", "public-read"),
            ("X-Amz-Acl", "nonsense"),
            ("X-Amz-Copy-Source", f"/{OUTSIDE}/allowed/open"),
            ("X-Amz-Copy-Source", f"/{BUCKET}/closed/a"),
            ("X-Amz-Copy-Source", f"{BUCKET}/allowed/../closed/a"),
            ("X-Amz-Copy-Source", f"{BUCKET}/allowed/open?versionId=null"),
            ("X-Amz-Copy-Source", "%00"),
            ("X-Amz-Copy-Source", ""),
            ("X-Amz-Tagging", "a=b&a=c"),
            ("X-Amz-Tagging", "%ff"),
            ("X-Amz-Storage-Class", "nonsense"),
            ("X-Amz-Server-Side-Encryption", "aws:kms"),
            ("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id", "alias/none"),
            ("X-Amz-Object-Lock-Mode", "COMPLIANCE"),
            ("X-Amz-Object-Lock-Retain-Until-Date", "never"),
            ("X-Amz-Grant-Read", 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'),
            ("X-Amz-Bypass-Governance-Retention", "true"),
            ("X-Amz-Expected-Bucket-Owner", "000000000000"),
            ("X-Amz-Account-Id", "000000000000"),
            ("X-Amz-Target", "AmazonSSM.DeleteParameter"),
            ("X-Amz-Target", "Nothing.Nothing"),
            ("X-Amz-Target", "."),
            ("Range", "bytes=5-1"),
            ("Range", "bytes=-0"),
            ("Range", "lines=1"),
            ("If-Modified-Since", "yesterday"),
            ("If-Match", "*"),
            ("Content-Type", "application/x-amz-json-1.1"),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Content-Type", "application/cbor"),
            ("Content-Type", "application/xml"),
            ("Content-Type", "multipart/form-data; boundary=x"),
            ("Content-Type", "text/plain; charset=nonsense"),
            ("Smithy-Protocol", "rpc-v2-cbor"),
            ("Content-Encoding", "gzip"),
            ("Content-MD5", "AAAA"),
            ("X-Amz-Checksum-Crc32", "AAAAAA=="),
            ("X-Amz-Meta-" + "k" * 3000, "v"),
            ("X-Amz-Meta-Canary", CANARY[:6]),
            ("X-Amz-Website-Redirect-Location", "http://a b"),
        )
    )
    kept = {n: v for n, v in call.headers.items() if n.lower() != name.lower()}
    return call.with_(headers={**kept, name: value})


def other_method(dice: random.Random, call: Call) -> Call:
    """Use another method, signed."""
    return call.with_(method=dice.choice(("GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "X")))


def before(call: Call, protocol: str) -> tuple[Before, ...]:
    """The mutations that fit a call."""
    if protocol == "rest-xml":
        shared = (other_path, other_path, other_query, other_query, other_headers, other_method)
        return (*shared, xml_body, xml_body) if call.query and call.body else shared
    if protocol in ("json", "rest-json"):
        return (json_body, json_body, json_body, other_headers, other_path, other_query)
    if call.body:
        return (form_body, form_body, form_body, other_headers, other_query, other_method)
    return (other_query, other_headers, other_method, other_path)
