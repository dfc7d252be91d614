"""How requests are mutated after they were signed: bytes of the wire.

Each function takes its dice and the bytes of a request and returns others. What a mutant means is
not told here; `fuzz_reading` reads it off the bytes.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from fuzz_stage import NAME, OUTSIDE

Raw = Callable[[random.Random, bytes], bytes]


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
