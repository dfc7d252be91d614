"""The requests that are mutated: several services, every protocol, each of the ways of signing."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fuzz_stage import BUCKET, NAME, REGION, Stage
from signed_wire import Call, Wire, chunked, presigned, signed

FORM = "application/x-www-form-urlencoded; charset=utf-8"


@dataclass(frozen=True)
class Original:
    """A request by name, before and after it is signed."""

    name: str
    call: Call
    sign: Callable[[Stage, Call], Wire]
    protocol: str


def _header(stage: Stage, call: Call) -> Wire:
    return signed(call, stage.key, stage.endpoint)


def _url(stage: Stage, call: Call) -> Wire:
    return presigned(call, stage.key, stage.endpoint)


def _chunks(stage: Stage, call: Call) -> Wire:
    return chunked(call, stage.key, stage.endpoint)


def _sum(call: Call) -> dict[str, str]:
    value = base64.b64encode(zlib.crc32(call.body).to_bytes(4, "big")).decode()
    return {"x-amz-checksum-crc32": value}


def _signed_trailer(stage: Stage, call: Call) -> Wire:
    kind = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
    return chunked(call, stage.key, stage.endpoint, kind=kind, trailers=_sum(call))


def _query(service: str, region: str, **fields: str) -> Call:
    body = "&".join(f"{name}={value}" for name, value in fields.items())
    return Call(service, "POST", headers={"Content-Type": FORM}, body=body.encode(), region=region)


def _json(service: str, target: str, version: str, document: Mapping[str, Any]) -> Call:
    headers = {"Content-Type": f"application/x-amz-json-{version}", "X-Amz-Target": target}
    return Call(service, "POST", headers=headers, body=json.dumps(document).encode())


TAGGING = (
    b'<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet><Tag><Key>a</Key>'
    b"<Value>b</Value></Tag></TagSet></Tagging>"
)
DELETE = (
    b'<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>allowed/gone</Key>'
    b"</Object></Delete>"
)


def originals(stage: Stage) -> list[Original]:
    """Every original; each is authorized as it is."""
    queue = f"{stage.endpoint}/{stage.account}/{NAME}"
    get = Call("s3", path=f"/{BUCKET}/allowed/open")
    put = Call("s3", "PUT", f"/{BUCKET}/allowed/new", body=b"some body of an object, to be cut")
    pages = Call("s3", path=f"/{BUCKET}", query=(("list-type", "2"), ("prefix", "allowed/")))
    tags = Call("s3", "PUT", f"/{BUCKET}/allowed/open", (("tagging", ""),), body=TAGGING)
    copied = {"x-amz-copy-source": f"/{BUCKET}/allowed/open"}
    gone = Call("s3", "POST", f"/{BUCKET}", (("delete", ""),), body=DELETE)
    gone = gone.with_(headers=_sum(gone))
    document = {"Content-Type": "application/json"}
    role = f"arn:aws:iam::{stage.account}:role/{NAME}-other"
    return [
        Original("s3 get", get, _header, "rest-xml"),
        Original("s3 get by url", get, _url, "rest-xml"),
        Original("s3 put", put, _header, "rest-xml"),
        Original("s3 put by url", put, _url, "rest-xml"),
        Original("s3 put in chunks", put, _chunks, "rest-xml"),
        Original("s3 put with trailer", put, _signed_trailer, "rest-xml"),
        Original("s3 list", pages, _header, "rest-xml"),
        Original("s3 list by url", pages, _url, "rest-xml"),
        Original("s3 tag", tags, _header, "rest-xml"),
        Original("s3 copy", put.with_(headers=copied, body=b""), _header, "rest-xml"),
        Original("s3 delete many", gone, _header, "rest-xml"),
        Original(
            "sts who",
            _query("sts", "us-east-1", Action="GetCallerIdentity", Version="2011-06-15"),
            _header,
            "query",
        ),
        Original(
            "sts assume",
            _query(
                "sts",
                "us-east-1",
                Action="AssumeRole",
                Version="2011-06-15",
                RoleArn=role,
                RoleSessionName="fuzz",
                DurationSeconds="900",
            ),
            _header,
            "query",
        ),
        Original(
            "sts by url",
            Call(
                "sts",
                query=(("Action", "GetCallerIdentity"), ("Version", "2011-06-15")),
                region="us-east-1",
            ),
            _url,
            "query",
        ),
        Original(
            "iam role",
            _query("iam", "us-east-1", Action="GetRole", Version="2010-05-08", RoleName=NAME),
            _header,
            "query",
        ),
        Original(
            "ec2 vpcs",
            _query("ec2", REGION, Action="DescribeVpcs", Version="2016-11-15"),
            _header,
            "ec2",
        ),
        Original(
            "ssm get",
            _json("ssm", "AmazonSSM.GetParameter", "1.1", {"Name": "/allowed/one"}),
            _header,
            "json",
        ),
        Original(
            "ssm put",
            _json(
                "ssm",
                "AmazonSSM.PutParameter",
                "1.1",
                {"Name": "/allowed/two", "Value": "v", "Type": "String", "Overwrite": True},
            ),
            _header,
            "json",
        ),
        Original(
            "sqs send",
            _json("sqs", "AmazonSQS.SendMessage", "1.0", {"QueueUrl": queue, "MessageBody": "m"}),
            _header,
            "json",
        ),
        Original(
            "logs streams",
            _json("logs", "Logs_20140328.DescribeLogStreams", "1.1", {"logGroupName": NAME}),
            _header,
            "json",
        ),
        Original(
            "ecr images",
            _json(
                "ecr",
                "AmazonEC2ContainerRegistry_V20150921.ListImages",
                "1.1",
                {"repositoryName": NAME},
            ),
            _header,
            "json",
        ),
        Original(
            "codecommit repository",
            _json(
                "codecommit", "CodeCommit_20150413.GetRepository", "1.1", {"repositoryName": NAME}
            ),
            _header,
            "json",
        ),
        Original(
            "codeartifact domains",
            Call("codeartifact", "POST", "/v1/domains", headers=document, body=b"{}"),
            _header,
            "rest-json",
        ),
    ]
