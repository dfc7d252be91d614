"""The one connection: credentials of each call are its own, and a sealed one is really sealed."""

import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from botocore.exceptions import BotoCoreError, EndpointConnectionError, NoCredentialsError

from landrail.aws.errors import failure
from landrail.aws.sessions import Connection, Identity, fixed, is_mutating, sealed_session

AWAY = "http://127.0.0.1:9/"
IDENTITY = b"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<GetCallerIdentityResult><Arn>%s</Arn><UserId>u</UserId><Account>1</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>"""
BLOCK = b"""<PublicAccessBlockConfiguration/>"""


class Recorder(BaseHTTPRequestHandler):
    """Answers who signed; keeps the headers of every request."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        signed = self.headers.get("Authorization", "")
        key = signed.partition("Credential=")[2].partition("/")[0]
        self.answer(IDENTITY % key.encode())

    def do_GET(self):
        self.answer(BLOCK)

    def answer(self, body):
        self.server.seen.append((self.headers.get("Host"), dict(self.headers)))
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    server.daemon_threads = True
    server.seen = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def hostile(monkeypatch, tmp_path):
    """An environment full of somebody else's AWS."""
    config = tmp_path / "config"
    config.write_text(
        "[default]\nregion = ap-south-1\nendpoint_url = http://127.0.0.1:1\n"
        "[profile work]\naws_access_key_id = PROFILE\naws_secret_access_key = s\n"
    )
    for name, value in {
        "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": str(config),
        "AWS_PROFILE": "work",
        "AWS_ACCESS_KEY_ID": "AMBIENT",
        "AWS_SECRET_ACCESS_KEY": "ambient",
        "AWS_SESSION_TOKEN": "ambient",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:1",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_USE_DUALSTACK_ENDPOINT": "true",
        "AWS_CA_BUNDLE": "/nowhere",
        "HTTP_PROXY": "http://127.0.0.1:1",
        "http_proxy": "http://127.0.0.1:1",
    }.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def connection(server, hostile):
    return Connection("eu-west-1", endpoint=f"http://127.0.0.1:{server.server_port}")


def test_threads_sign_each_call_with_its_own_credentials(connection):
    identities = [fixed(f"who-{n}", f"KEY{n}", "secret") for n in range(20)]

    def who(identity):
        arn = connection.call(identity, "sts", "GetCallerIdentity")["Arn"]
        return arn, identity.credentials().access_key

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(who, identities * 5))
    assert all(arn == key for arn, key in answers)
    assert connection.calls.by_operation() == {"sts:GetCallerIdentity": 100}
    assert (connection.calls.total, connection.calls.mutating) == (100, 0)


def test_nothing_ambient_is_read(hostile):
    session = sealed_session()
    assert session.get_credentials() is None
    assert session.get_config_variable("region") is None
    assert session.get_config_variable("profile") is None
    assert session.full_config["profiles"] == {}


def test_a_call_without_an_identity_is_not_signed_by_anybody(connection):
    client = connection._client("sts", "eu-west-1")
    with pytest.raises((NoCredentialsError, BotoCoreError)):
        client.get_caller_identity()


def test_a_host_prefix_stays_at_home(connection, server):
    who = fixed("who", "KEY", "secret")
    connection.call(who, "s3control", "GetPublicAccessBlock", AccountId="123456789012")
    assert server.seen[-1][0] == f"127.0.0.1:{server.server_port}"


def test_a_sealed_connection_needs_its_endpoint():
    with pytest.raises(ValueError, match="endpoint"):
        Connection("eu-west-1")


def test_credentials_are_loaded_again_before_they_end(connection):
    loads = []

    def load():
        loads.append(1)
        return fixed("x", "KEY", "secret").credentials(), 0.0

    who = Identity("short", load)
    who.credentials()
    who.credentials()
    assert len(loads) == 2
    assert "secret" not in repr(who)


@pytest.mark.parametrize(
    ("operation", "changes"),
    [
        ("DescribeStacks", False),
        ("DetectStackDrift", False),
        ("AssumeRole", False),
        ("CreateChangeSet", True),
        ("AttachPolicy", True),
    ],
)
def test_what_counts_as_a_change(operation, changes):
    assert is_mutating(operation) is changes


def test_who_does_not_answer_is_named_and_how_it_is_started_again():
    told = failure(EndpointConnectionError(endpoint_url=AWAY), "reading what is there")
    assert told.summary == "reading what is there: there is no answer from 127.0.0.1:9"
    assert "`landrail local start`" in told.remedy
    far = failure(EndpointConnectionError(endpoint_url="https://s3.amazonaws.com/b"), "reading")
    assert (far.summary, far.remedy) == ("reading: there is no answer from s3.amazonaws.com", None)
