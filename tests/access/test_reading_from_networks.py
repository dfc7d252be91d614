"""A data set that asks for its readers' networks, read from the internet and from them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from .conftest import Platform

pytestmark = pytest.mark.xdist_group("access")

ANA, HER_ACCOUNT = "ana@passengers-data-science", "passengers-data-science"
KEY = "weather/v=1/k"
_SOURCE = Path(__file__).resolve().parents[2] / "src"


@pytest.fixture(scope="module")
def bucket(platform: Platform) -> str:
    name = platform.filled("acme-air-lake-weather-{data-prod}")
    s3 = platform.client("eli@data-prod", "s3")
    s3.put_object(Bucket=name, Key=KEY, Body=b"rain")
    # Who publishes it reads it from home.
    assert s3.get_object(Bucket=name, Key=KEY)["Body"].read() == b"rain"
    return str(name)


def landrail(platform: Platform, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "LANDRAIL_"))}
    return subprocess.run(
        words,
        cwd=platform.server.state.parent,
        env={**kept, "PYTHONPATH": str(_SOURCE), "PY": sys.executable},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def enter(
    platform: Platform, network: str | None, *command: str
) -> subprocess.CompletedProcess[str]:
    place = ("--network", network) if network else ()
    words = (sys.executable, "-m", "landrail", "as", ANA, *place, "--", *command)
    return landrail(platform, *words)


def test_her_laptop_is_denied_and_her_network_is_served(platform: Platform, bucket: str) -> None:
    with pytest.raises(ClientError) as caught:
        platform.client(ANA, "s3").get_object(Bucket=bucket, Key=KEY)
    message = caught.value.response["Error"]["Message"]
    decision = platform.decision(message.rpartition("explain: ")[2].rstrip("]"))
    assert decision["sid"] == "RefuseOtherNetworks"
    copy = ("aws", "s3", "cp", f"s3://{bucket}/{KEY}", "-")
    assert "(403)" in enter(platform, None, *copy).stderr
    inside = enter(platform, HER_ACCOUNT, *copy)
    assert inside.stdout == "rain", inside.stderr
    assert f"in the network of {HER_ACCOUNT}" in " ".join(inside.stderr.split())
    assert "(403)" in enter(platform, "cargo-data-science", *copy).stderr


def test_the_shell_that_asks_for_the_environment_has_the_place(
    platform: Platform, bucket: str
) -> None:
    ask = f'"$PY" -m landrail local env {ANA} --network {HER_ACCOUNT}'
    script = f'eval "$({ask})"; aws s3 cp s3://{bucket}/{KEY} -'
    done = landrail(platform, "bash", "-c", script)
    assert done.stdout == "rain", done.stderr


def words(text: str) -> str:
    """A message without the line breaks that its width gave it."""
    return " ".join(text.split())


def test_a_network_that_is_not_there(platform: Platform) -> None:
    done = enter(platform, "passengers-data-sciense", "true")
    assert done.returncode == 2
    assert f"did you mean `{HER_ACCOUNT}`?" in words(done.stderr)
    done = enter(platform, "data-prod", "true")
    assert done.returncode != 0
    assert "has no VPC" in words(done.stderr)
    assert "accounts with a network:" in words(done.stderr)
    done = enter(platform, f"{HER_ACCOUNT}/vpc-nowhere", "true")
    assert "has no vpc-nowhere" in words(done.stderr)
