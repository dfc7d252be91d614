"""How requests are mutated: after they were signed, and before.

Each function takes its dice and a request and returns another one. What a mutant means is not told
here; `fuzz_reading` reads it off the bytes.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from fuzz_stage import BUCKET, CANARY, LOCKED, NAME, OUTSIDE
from signed_wire import Call

Raw = Callable[[random.Random, bytes], bytes]
Before = Callable[[random.Random, Call], Call]


def _split(raw: bytes) -> tuple[list[bytes], bytes]:
    head, _, body = raw.partition(b"\r\n\r\n")
    return head.split(b"\r\n"), body


def _join(lines: list[bytes], body: bytes) -> bytes:
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def flip(dice: random.Random, raw: bytes) -> bytes:
    """Change one to four bytes anywhere."""
    data = bytearray(raw)
    for _ in range(dice.randint(1, 4)):
        data[dice.randrange(len(data))] = dice.choice((dice.randrange(256), 0, 10, 13, 32, 0xFF))
    return bytes(data)


def cut(dice: random.Random, raw: bytes) -> bytes:
    """Cut the request short."""
    return raw[: dice.randrange(len(raw))]


def splice(dice: random.Random, raw: bytes) -> bytes:
    """Repeat or drop a stretch of bytes."""
    start = dice.randrange(len(raw))
    end = min(len(raw), start + dice.randint(1, 80))
    middle = raw[start:end]
    return raw[:start] + dice.choice((b"", middle * 2, middle[::-1])) + raw[end:]


def drop_header(dice: random.Random, raw: bytes) -> bytes:
    """Leave out a header."""
    lines, body = _split(raw)
    if len(lines) > 1:
        lines.pop(dice.randrange(1, len(lines)))
    return _join(lines, body)


def double_header(dice: random.Random, raw: bytes) -> bytes:
    """Send a header twice, the second time perhaps with another value."""
    lines, body = _split(raw)
    line = dice.choice(lines[1:])
    name, _, value = line.partition(b": ")
    lines.insert(dice.randrange(1, len(lines) + 1), dice.choice((line, name + b": x" + value)))
    return _join(lines, body)


def odd_header(dice: random.Random, raw: bytes) -> bytes:
    """Add a header that might mean something."""
    lines, body = _split(raw)
    added = dice.choice(
        (
            b"X-Amz-Acl: public-read",
            b"x_amz_acl: public-read",
            b"X-Amz-Copy-Source: /" + OUTSIDE.encode() + b"/allowed/open",
            b"X-Amz-Target: AmazonSSM.DeleteParameter",
            b"X-Amz-Security-Token: abc",
            b"X-Amz-Date: 20200101T000000Z",
            b"X-Amz-Content-Sha256: UNSIGNED-PAYLOAD",
            b"X-Amz-Account-Id: 000000000000",
            b"X-HTTP-Method-Override: DELETE",
            b"X-Forwarded-For: 10.0.0.1",
            b"X-Forwarded-Host: " + OUTSIDE.encode() + b".s3.amazonaws.com",
            b"Transfer-Encoding: chunked",
            b"Transfer-Encoding: identity",
            b"Content-Length: 0",
            b"Content-Encoding: gzip",
            b"Content-Type: application/xml",
            b"Expect: 100-continue",
            b"Range: bytes=0-999999999999999999999999",
            b"If-None-Match: *",
            b"Cookie: a=b",
            b"Connection: upgrade",
            b"Upgrade: h2c",
            b"X-Moto-Account-Id: 000000000000",
            b"X-Long: " + b"a" * dice.choice((100, 9000, 70000)),
            b"X-Bytes: \xff\xfe",
            b"X-Folded: a\r\n b",
        )
    )
    lines.insert(dice.randrange(1, len(lines) + 1), added)
    return _join(lines, body)


def odd_method(dice: random.Random, raw: bytes) -> bytes:
    """Use another method."""
    method = dice.choice((b"GET", b"PUT", b"POST", b"DELETE", b"HEAD", b"PATCH", b"TRACE", b"X"))
    return method + raw[raw.index(b" ") :]


def odd_target(dice: random.Random, raw: bytes) -> bytes:
    """Ask for something else."""
    first, _, rest = raw.partition(b"\r\n")
    method, target, version = first.split(b" ")
    path, mark, query = target.partition(b"?")
    changed = dice.choice(
        (
            path + b"/" + mark + query,
            b"/" + path + mark + query,
            path.replace(b"/", b"%2F") + mark + query,
            path + b"/../closed/a" + mark + query,
            path.replace(b"allowed", b"closed") + mark + query,
            path.replace(b"allowed/open", b"closed/a") + mark + query,
            b"/" + OUTSIDE.encode() + b"/allowed/open" + mark + query,
            b"http://" + OUTSIDE.encode() + b".s3.amazonaws.com" + target,
            b"//evil" + target,
            target + (b"&" if mark else b"?") + b"acl",
            target + (b"&" if mark else b"?") + b"versionId=null",
            target + (b"&" if mark else b"?") + b"Action=ListRoles",
            target + (b"&" if mark else b"?") + b"X-Amz-Security-Token=x",
            target.replace(b"prefix=allowed", b"prefix=closed"),
            target.replace(b"=", b"%3D", 1),
            target.replace(b"Expires=300", b"Expires=604800"),
            target.replace(b"SignedHeaders=host", b"SignedHeaders="),
            b"&".join(reversed(target.split(b"&"))),
            path + mark + b"&".join(sorted(query.split(b"&"), reverse=True)),
            target + b"%00",
            target + b"%ff",
            path.upper() + mark + query,
            bytes(ch ^ 0x20 if chr(ch).isalpha() and dice.random() < 0.1 else ch for ch in target),
            path + b"a" * 9000 + mark + query,
        )
    )
    return b" ".join((method, changed, version)) + b"\r\n" + rest


def odd_signature(dice: random.Random, raw: bytes) -> bytes:
    """Sign a little differently."""
    lines, body = _split(raw)
    for number, line in enumerate(lines):
        if line.startswith(b"Authorization: "):
            lines[number] = dice.choice(
                (
                    re.sub(rb"Signature=(..)", rb"Signature=00", line),
                    re.sub(rb"Signature=.*", b"Signature=", line),
                    re.sub(rb"SignedHeaders=[^,]*", b"SignedHeaders=host", line),
                    re.sub(rb"SignedHeaders=([^,]*)", rb"SignedHeaders=\1;host", line),
                    re.sub(rb"/eu-west-1/|/us-east-1/", b"/eu-west-2/", line),
                    re.sub(rb"/(s3|sts|iam|ssm|sqs|ec2|ecr)/aws4", rb"/kms/aws4", line),
                    line.replace(b"aws4_request", b"aws4_requesT"),
                    line.replace(b"AWS4-HMAC-SHA256", b"AWS4-HMAC-SHA1"),
                    line.replace(b"AWS4-HMAC-SHA256", b"AWS4-ECDSA-P256-SHA256"),
                    line.replace(b", ", b","),
                    line.replace(b", ", b" "),
                    line + b", Signature=" + b"0" * 64,
                    line.upper(),
                    b"Authorization: Basic QVdTOg==",
                    b"Authorization: ",
                    b"Authorization: AWS4-HMAC-SHA256 " + b"=,=" * 200,
                    line.replace(b"ASIA", b"AKIA"),
                )
            )
    return _join(lines, body)


def odd_body(dice: random.Random, raw: bytes) -> bytes:
    """Send another body under the same signature."""
    lines, body = _split(raw)
    changed = dice.choice(
        (
            body.replace(b"allowed", b"closed"),
            body.replace(NAME.encode(), b"fuzz-closed"),
            body.replace(b"DescribeVpcs", b"DeleteVpc"),
            body + b" ",
            body + b"&Action=ListRoles",
            body[: len(body) // 2],
            body.replace(b"\r\n", b"\n"),
            b"\x00" * max(1, len(body)),
            body[::-1],
        )
    )
    length = dice.choice((len(changed), len(body), len(changed) + 5, max(0, len(changed) - 5)))
    lines = [
        b"Content-Length: %d" % length if line.startswith(b"Content-Length") else line
        for line in lines
    ]
    return _join(lines, changed)


def smuggle(dice: random.Random, raw: bytes) -> bytes:
    """Hide a second request in or after the first one."""
    lines, body = _split(raw)
    hidden = b"GET /" + OUTSIDE.encode() + b"/allowed/open HTTP/1.1\r\nHost: a\r\n\r\n"
    coding = dice.choice(
        (
            b"Transfer-Encoding: chunked",
            b"Transfer-Encoding:\tchunked",
            b"Transfer-Encoding : chunked",
            b"transfer-encoding: CHUNKED",
            b"X: y\nTransfer-Encoding: chunked",
        )
    )
    if dice.random() < 0.5:
        lines.append(coding)
        return _join(lines, b"0\r\n\r\n" + hidden)
    lines = [line for line in lines if not line.startswith(b"Content-Length")]
    lines.append(dice.choice((b"Content-Length: 0", b"Content-Length: %d" % len(body))))
    return _join(lines, body + hidden)


def framing(dice: random.Random, raw: bytes) -> bytes:
    """Frame the body by HTTP's chunks, rightly or wrongly."""
    lines, body = _split(raw)
    lines = [line for line in lines if not line.startswith(b"Content-Length")]
    lines.append(b"Transfer-Encoding: chunked")
    size = dice.choice((b"%x" % len(body), b"-1", b"zz", b"%x;a=b" % len(body), b"7" * 30))
    end = dice.choice((b"\r\n0\r\n\r\n", b"", b"\r\n0\r\n", b"\n0\n\n"))
    return _join(lines, size + b"\r\n" + body + end)


AFTER: tuple[Raw, ...] = (
    flip,
    cut,
    splice,
    drop_header,
    double_header,
    odd_header,
    odd_method,
    odd_target,
    odd_signature,
    odd_body,
    smuggle,
    framing,
)

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
