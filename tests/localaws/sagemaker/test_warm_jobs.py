"""What starts by a fork, and what starts cold because a fork would not be the same."""

from __future__ import annotations

import io
import json
import tarfile
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hostile import COLD, NETWORKED, WARM, found, hostile, written

from landrail.aws.registry import Registry
from landrail.images import File, build, host_base
from landrail.localaws.runtimes.process import isolation

pytestmark = pytest.mark.skipif(isolation() != "bubblewrap", reason="needs bubblewrap")

SELF = """
seen |= {
    "argv": sys.argv, "original": sys.orig_argv, "path": sys.path, "folder": os.getcwd(),
    "flags": str(sys.flags), "python": sys.executable, "main": __name__,
    "env": {n: v for n, v in os.environ.items() if n not in
            ("TRAINING_JOB_NAME", "TRAINING_JOB_ARN", "SM_HPS", "SM_HP_CODE", "ODD")},
    "mask": os.umask(0o22), "user": [os.getuid(), os.getgid()],
    "stdout": [sys.stdout.encoding, sys.stdout.write_through],
    "module": sys.modules["__main__"].__spec__.name,
    "hook": sys.excepthook.__name__ in ("excepthook", "_tell"),
}
"""


@pytest.fixture(scope="module")
def attacker(studio):
    return hostile(studio)


def pushed(studio, files):
    image = build(host_base(), files, [], ["python", "-m", "hostile"], {})
    registry = Registry(studio.client("ecr"), studio.image.partition("/")[0])
    tag = f"t-{uuid.uuid4().hex[:8]}"
    return replace(studio, image=registry.push(image, studio.repository, tag=tag))


def test_a_fork_looks_like_a_start(attacker):
    cold, warm = found(attacker, SELF, COLD), found(attacker, SELF, WARM)
    assert (cold.pop("forked"), warm.pop("forked")) == (False, True)
    assert warm == cold


def test_a_network_is_reason_enough_to_start_cold(attacker):
    assert found(attacker, "pass", NETWORKED)["forked"] is False


def test_the_user_of_the_machine_may_say_no(attacker):
    file = attacker.cloud.state / "jobs.json"
    file.write_text(written({"warm": False}))
    try:
        assert found(attacker, "pass", WARM)["forked"] is False
    finally:
        file.unlink()
    assert found(attacker, "pass", WARM)["forked"] is True


@pytest.mark.parametrize("name", ["numpy.py", "json.py"])
def test_an_image_with_a_module_of_that_name_starts_cold(studio, name):
    main = b"""
import json, os, pathlib
try:
    import numpy
except ImportError:
    pass
BASE = pathlib.Path(os.environ["SAGEMAKER_BASE_DIR"])
(BASE / "model/model.json").write_text(repr(json.__file__) + "\\n" + repr(numpy.__file__))
"""
    own = b"OWN = True\n" if name == "numpy.py" else b"raise ImportError('mine')\n"
    files = {"hostile/__init__.py": File(b""), "hostile/__main__.py": File(main)}
    attacker = pushed(studio, {**files, name: File(own)})
    job = attacker.trained(f"w-{uuid.uuid4().hex[:8]}", hyper={}, **WARM)
    if name == "json.py":
        assert job["TrainingJobStatus"] == "Failed"
        return
    assert job["TrainingJobStatus"] == "Completed", job
    (content,) = unpacked(attacker.get(job["ModelArtifacts"]["S3ModelArtifacts"]))
    assert "'/opt/program/numpy.py'" in content


def test_a_server_starts_by_a_fork(studio, unique):
    main = b"""
import sys
FORKED = "numpy" in sys.modules
import json, os
from http.server import BaseHTTPRequestHandler, HTTPServer
import numpy

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def do_POST(self):
        body = json.dumps({"forked": FORKED, "sum": float(numpy.sum([1, 2]))}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words):
        pass

HTTPServer(("127.0.0.1", 8080), Handler).serve_forever()
"""
    files = {"hostile/__init__.py": File(b""), "hostile/__main__.py": File(main)}
    server = pushed(studio, files)
    name = server.model(unique("warm"), 1.0, EnableNetworkIsolation=True, environment={})
    plain = {"PrimaryContainer": {"Image": server.image}, "EnableNetworkIsolation": True}
    other = unique("warm")
    server.sagemaker.create_model(ModelName=other, ExecutionRoleArn=server.role, **plain)
    runtime = server.client("sagemaker-runtime")
    for model, forked in ((other, True), (name, False)):
        config = server.config(unique("warm"), model)
        endpoint = unique("warm")
        server.sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName=config)
        server.sagemaker.get_waiter("endpoint_in_service").wait(
            EndpointName=endpoint, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )
        answer = runtime.invoke_endpoint(EndpointName=endpoint, Body=b"{}")["Body"].read()
        assert json.loads(answer) == {"forked": forked, "sum": 3.0}
        # numpy alone is more; the sandbox and its relay are half of it.
        assert not forked or memory(server, endpoint, config) > 0.25
        server.sagemaker.delete_endpoint(EndpointName=endpoint)


def memory(studio, endpoint, config):
    """The percent of its instance's memory that an endpoint uses, once that is told."""
    variant = studio.sagemaker.describe_endpoint_config(EndpointConfigName=config)
    names = {
        "EndpointName": endpoint,
        "VariantName": variant["ProductionVariants"][0]["VariantName"],
    }
    now = datetime.now(UTC)
    for _ in range(200):
        found = studio.client("cloudwatch").get_metric_statistics(
            Namespace="/aws/sagemaker/Endpoints",
            MetricName="MemoryUtilization",
            Dimensions=[{"Name": name, "Value": value} for name, value in names.items()],
            StartTime=now - timedelta(hours=1),
            EndTime=now + timedelta(hours=1),
            Period=60,
            Statistics=["Maximum"],
        )["Datapoints"]
        if found:
            return found[0]["Maximum"]
        time.sleep(0.1)
    return 0.0


def unpacked(archive):
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as opened:
        return [opened.extractfile(m).read().decode() for m in opened.getmembers()]
