"""How jobs end reaches the API in SageMaker's words: exit codes, signals, limits, the failure
file."""

from __future__ import annotations

import pytest
from hostile import COLD, WARM, attacked, found, hostile, written
from sagemaker_studio import ENTRYPOINT, until

from landrail.localaws.runtimes.process import isolation

STARTS = pytest.mark.parametrize("start", [COLD, WARM], ids=["cold", "warm"])
MORE_MEMORY = (
    "ClientError: Please use an instance type with more memory, or reduce the size of job data "
    "processed on an instance., exit code: 137"
)


@pytest.fixture(scope="module")
def attacker(studio):
    return hostile(studio)


@pytest.fixture
def limited(attacker):
    """Say what jobs may use, until the test ends."""
    file = attacker.cloud.state / "jobs.json"
    yield lambda **document: file.write_text(written(document))
    file.unlink(missing_ok=True)


@STARTS
@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("sys.exit(1)", 1),
        ("sys.exit(255)", 255),
        ("raise ValueError('no')", 1),
        ("os.kill(os.getpid(), 9)", 137),
        ("os.kill(os.getpid(), 11)", 139),
    ],
)
def test_an_exit_code_is_told(attacker, start, code, status):
    job = attacked(attacker, code, start)
    assert job["TrainingJobStatus"] == "Failed"
    assert job["SecondaryStatus"] == "Failed"
    assert job["FailureReason"] == (
        f"AlgorithmError: See job logs for more information, exit code: {status}"
    )


def test_a_reason_is_cut_to_what_the_api_holds(attacker):
    code = """
    (BASE / "output/failure").write_text("é" * 5000)
    sys.exit(2)
    """
    reason = attacked(attacker, code, WARM)["FailureReason"]
    assert len(reason) == 1024
    assert reason.startswith("AlgorithmError: ééé")
    assert reason.endswith("é, exit code: 2")


@pytest.mark.skipif(isolation() != "bubblewrap", reason="needs bubblewrap")
@STARTS
def test_who_takes_all_memory_together_is_killed(attacker, limited, start):
    limited(memory_mb=400)
    code = """
    import time
    for _ in range(4):
        if os.fork() == 0:
            taken = bytearray(os.urandom(1 << 20)) * 150
            time.sleep(60)
    os.wait()
    """
    assert attacked(attacker, code, start)["FailureReason"] == MORE_MEMORY
    twin = "seen['taken'] = len(bytearray(150 << 20))"
    assert found(attacker, twin, start)["taken"] == 150 << 20


def test_who_asks_for_too_much_at_once_is_refused(attacker, limited):
    limited(memory_mb=400)
    code = """
    try:
        bytearray(600 << 20)
    except MemoryError:
        seen["refused"] = True
    """
    assert found(attacker, code, WARM)["refused"]


@STARTS
def test_a_bomb_of_processes_is_killed(attacker, limited, start):
    limited(processes=40)
    code = """
    import time
    for _ in range(300):
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
    time.sleep(60)
    """
    reason = attacked(attacker, code, start)["FailureReason"]
    assert reason == "AlgorithmError: The container has more processes than it may, exit code: 137"


@STARTS
def test_no_file_is_larger_than_the_volume(attacker, start):
    code = """
    with open(BASE / "model/large", "wb") as file:
        file.truncate((1 << 30) - 1)
        try:
            file.truncate((1 << 30) + 1)
        except OSError as error:
            seen["refused"] = error.strerror
        file.truncate(0)
    """
    assert found(attacker, code, start)["refused"] == "File too large"


def test_what_cannot_be_read_is_the_services_fault(attacker):
    file = attacker.cloud.state / "jobs.json"
    file.write_text('{"memory_mb": "much"}')
    try:
        job = attacked(attacker, "pass", WARM)
    finally:
        file.unlink()
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("InternalServerError: ")
    assert "memory_mb is 'much'" in job["FailureReason"]


def test_a_processing_job_that_runs_too_long_is_stopped(studio, unique):
    name = unique("process")
    studio.sagemaker.create_processing_job(
        ProcessingJobName=name,
        RoleArn=studio.role,
        AppSpecification={
            "ImageUri": studio.image,
            "ContainerEntrypoint": [ENTRYPOINT[0], "-c", "import time; time.sleep(60)"],
        },
        ProcessingResources={
            "ClusterConfig": {
                "InstanceCount": 1,
                "InstanceType": "ml.m5.large",
                "VolumeSizeInGB": 1,
            }
        },
        StoppingCondition={"MaxRuntimeInSeconds": 1},
    )
    job = until(
        lambda: studio.sagemaker.describe_processing_job(ProcessingJobName=name),
        "ProcessingJobStatus",
        "InProgress",
        "Stopping",
    )
    assert job["ProcessingJobStatus"] == "Stopped"


def test_whoever_is_stopped_may_save_first(attacker, unique):
    code = """
    import signal, time
    def save(*_):
        (BASE / "model/model.json").write_text('{"saved": true}')
        os._exit(0)
    signal.signal(signal.SIGTERM, save)
    print("ready", flush=True)
    time.sleep(60)
    """
    request = {**WARM, "StoppingCondition": {"MaxRuntimeInSeconds": 2}}
    job = attacked(attacker, code, request)
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")
    assert attacker.unpacked(job["ModelArtifacts"]["S3ModelArtifacts"]) == {"saved": True}
