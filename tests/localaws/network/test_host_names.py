"""AWS's host names, through the local AWS as a proxy: its own address, and those of listeners."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from network_places import REGION, client, only_through

BLOCK = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": False,
    "RestrictPublicBuckets": False,
}


def through(service, session, proxy, **more):
    """A client of AWS's own host names that takes `proxy` for its proxy."""
    settings = {"retries": {"max_attempts": 0}, "proxies": {"http": proxy}, **more}
    return session.client(service, use_ssl=False, region_name=REGION, config=Config(**settings))


def fetch(url, proxy):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": proxy}))
    with opener.open(url) as answer:
        return answer.read()


def turned_away(url, proxy):
    with pytest.raises(urllib.error.HTTPError) as caught:
        fetch(url, proxy)
    with caught.value as error:
        return error.code, error.read()


@pytest.fixture(params=["outside", "inside"])
def proxy(request, local_aws, inside):
    return local_aws.endpoint if request.param == "outside" else inside()


@pytest.mark.parametrize("style", ["path", "virtual"])
def test_buckets_and_presigned_urls_in_both_styles(place, proxy, style):
    bucket = place.bucket()
    s3 = through("s3", place.enter(), proxy, s3={"addressing_style": style})
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"data"
    s3.put_object(Bucket=bucket, Key="a/ü b+c", Body=b"new")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a/ü b+c"})
    assert (urlsplit(url).hostname or "").startswith(f"{bucket}.") is (style == "virtual")
    assert fetch(url, proxy) == b"new"
    assert turned_away(url.replace("a/", "b/"), proxy)[0] == 403


def test_presigned_urls_of_the_address_itself(place, local_aws):
    bucket = place.bucket()
    s3 = client("s3", place.enter(), local_aws.endpoint)
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"})
    assert fetch(url, local_aws.endpoint) == b"data"


def test_a_presigned_url_is_used_from_where_it_is_used(place, local_aws, inside):
    bucket, at = place.bucket(only_through(place.gateway)), inside()
    s3 = through("s3", place.enter(), local_aws.endpoint, s3={"addressing_style": "virtual"})
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"})
    assert turned_away(url, local_aws.endpoint)[0] == 403
    assert fetch(url, at) == b"data"


def test_the_account_s_public_access_block(place, local_aws):
    control = through("s3control", place.session, local_aws.endpoint)
    known = {"AccountId": place.account}
    control.put_public_access_block(**known, PublicAccessBlockConfiguration=BLOCK)
    try:
        found = control.get_public_access_block(**known)["PublicAccessBlockConfiguration"]
        assert found == BLOCK
        bucket = place.bucket()
        with pytest.raises(ClientError) as caught:
            local_aws.client("s3", place.session).put_bucket_acl(Bucket=bucket, ACL="public-read")
        assert "BlockPublicAcls" in caught.value.response["Error"]["Message"]
    finally:
        control.delete_public_access_block(**known)
    with pytest.raises(ClientError) as caught:
        control.get_public_access_block(**known)
    assert caught.value.response["Error"]["Code"] == "NoSuchPublicAccessBlockConfiguration"


def test_another_account_in_the_host_name_is_another_account(place, local_aws):
    control = through("s3control", place.enter(), local_aws.endpoint)
    with pytest.raises(ClientError) as caught:
        control.get_public_access_block(AccountId=local_aws.management_account)
    assert caught.value.response["Error"]["Code"] == "AccessDenied"


def test_the_command_line_through_the_proxy(place, local_aws):
    bucket, keys = place.bucket(), place.session.get_credentials()
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("AWS_")},
        "AWS_ACCESS_KEY_ID": keys.access_key,
        "AWS_SECRET_ACCESS_KEY": keys.secret_key,
        "AWS_SESSION_TOKEN": keys.token,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": local_aws.endpoint,
        "AWS_ENDPOINT_URL_S3_CONTROL": f"http://s3-control.{REGION}.amazonaws.com",
        "http_proxy": local_aws.endpoint,
        "no_proxy": "127.0.0.1",
    }

    def aws(*words):
        return subprocess.run(
            [sys.executable, str(Path(sys.executable).parent / "aws"), *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    settings = "BlockPublicAcls=true,IgnorePublicAcls=true"
    account = ("--account-id", place.account)
    done = aws(
        "s3control",
        "put-public-access-block",
        *account,
        "--public-access-block-configuration",
        settings,
    )
    assert done.returncode == 0, done.stderr
    found = aws("s3control", "get-public-access-block", *account).stdout
    assert '"BlockPublicAcls": true' in found
    assert aws("s3control", "delete-public-access-block", *account).returncode == 0
    named = f"http://s3.{REGION}.amazonaws.com"
    assert aws("s3", "cp", f"s3://{bucket}/k", "-", "--endpoint-url", named).stdout == "data"


def test_the_endpoint_s_own_name(place, local_aws, inside):
    bucket, me = place.bucket(), place.enter()
    name = place.endpoint("s3", PrivateDnsEnabled=False)
    only = place.bucket(only_through(name))
    url = f"http://bucket.{name}-0a1b2c3d.s3.{REGION}.vpce.amazonaws.com"
    try:
        for style in ("path", "virtual"):
            settings = {"retries": {"max_attempts": 0}, "s3": {"addressing_style": style}}
            at, out = (
                me.client(
                    "s3",
                    endpoint_url=url,
                    region_name=REGION,
                    config=Config(**settings, proxies={"http": proxy}),
                )
                for proxy in (inside(), local_aws.endpoint)
            )
            for each in (bucket, only):
                assert at.get_object(Bucket=each, Key="k")["Body"].read() == b"data"
                with pytest.raises(ClientError) as caught:
                    out.get_object(Bucket=each, Key="k")
                assert caught.value.response["Error"]["Code"] == "NoRouteToService"
    finally:
        place.ec2.delete_vpc_endpoints(VpcEndpointIds=[name])


def test_no_tunnel_and_no_name_but_aws_s(proxy):
    address = urlsplit(proxy).netloc
    connection = http.client.HTTPConnection(address, timeout=5)
    connection.request("CONNECT", f"s3.{REGION}.amazonaws.com:443")
    answer = connection.getresponse()
    assert (answer.status, b"no https_proxy" in answer.read()) == (405, True)
    connection.close()
    status, text = turned_away("http://example.com/", proxy)
    assert (status, b"example.com is none of them" in text) == (403, True)
