"""What the store and its snapshots take for granted in moto: each fails when a new moto has changed
it, and says what depends on it."""

from __future__ import annotations

import ast
import hashlib
import importlib
import ipaddress
import os
import pickle
import random
import sys
import threading
import tomllib
import weakref
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import botocore.session
import pytest
from moto.core.base_backend import AccountSpecificBackend, BackendDict
from moto.core.common_models import BaseModel
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
from moto.ec2.models.subnets import Subnet
from moto.iam.models import iam_backends
from moto.s3 import models as s3_models
from moto.s3.models import FakeKey
from moto.sns import models as sns_models

from landrail.localaws.store import Store, bodies, determinism
from landrail.localaws.store.bodies import Body
from landrail.localaws.store.mends import neutral
from landrail.localaws.store.snapshots import pickling, sameness, world

ROOT = Path(__file__).resolve().parents[3]
STORE = ROOT / "src" / "landrail" / "localaws" / "store"
ACCOUNT = "310987654321"
REGION = "eu-west-1"


@pytest.fixture(scope="module")
def store() -> Store:
    return Store()


def test_moto_is_the_one_that_all_this_was_tried_with() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pinned = [name for name in project["dependencies"] if name.startswith("moto")]
    for extra in project.get("optional-dependencies", {}).values():
        pinned += [name for name in extra if name.startswith("moto")]
    assert pinned, "moto is not pinned"
    assert {name.replace(" ", "").partition("==")[2] for name in pinned} == {version("moto")}


def imported() -> list[tuple[str, str]]:
    """Every name that the store imports from moto."""
    found = set()
    for path in STORE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("moto"):
                found |= {(str(node.module), alias.name) for alias in node.names}
    return sorted(found)


@pytest.mark.parametrize(("module", "name"), imported(), ids=lambda v: v)
def test_what_is_imported_is_there(module: str, name: str) -> None:
    loaded = importlib.import_module(module)
    if not hasattr(loaded, name):
        importlib.import_module(f"{module}.{name}")


@pytest.mark.parametrize("place", world.KEPT + tuple(sorted(world._CACHES)), ids=str)
def test_what_moto_keeps_beside_its_backends_is_where_snapshots_look(place: world.Place) -> None:
    module, owner, attribute = place
    loaded = importlib.import_module(module)
    assert hasattr(getattr(loaded, owner) if owner else loaded, attribute)


def test_backends_are_dictionaries_by_account_and_region(store: Store) -> None:
    """Snapshots take them out and put them back by these."""
    store.execute(ACCOUNT, REGION, "iam", "ListUsers", {})
    by_account = dict.__getitem__(iam_backends, ACCOUNT)
    assert isinstance(by_account, AccountSpecificBackend)
    assert list(dict.keys(by_account)) == ["aws"]
    kind: Any = BackendDict
    assert iam_backends in kind._instances
    assert pickling.name_of(iam_backends) == ("moto.iam.models", "iam_backends")
    own = set(vars(iam_backends))
    assert own == world._OF_EVERY_BACKENDS, f"backends keep something new: {own}"


def test_buckets_and_management_accounts_are_beside_their_backends() -> None:
    """They are kept because they are attributes beyond those that every service's backends have."""
    assert set(vars(s3_models.s3_backends)) - world._OF_EVERY_BACKENDS == {"bucket_accounts"}
    organizations = importlib.import_module("moto.organizations.models").organizations_backends
    assert set(vars(organizations)) - world._OF_EVERY_BACKENDS == {"master_accounts"}


def test_policies_of_aws_are_copies_of_one_reading_with_ids_of_their_own(store: Store) -> None:
    listed = store.execute(ACCOUNT, REGION, "iam", "ListPolicies", {"Scope": "AWS"})["Policies"]
    assert len(listed) > 50
    backend = iam_backends[ACCOUNT]["aws"]
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    mine, other = backend.managed_policies[arn], neutral.copied(arn)
    assert mine is not other
    assert mine.id == other.id
    assert len(backend.aws_managed_policies) == len(neutral._aws_policies_by_arn())
    assert sameness.difference(mine, pickling.load(pickling.dump(mine))) is None


def test_nothing_is_tracked_that_is_no_more(store: Store) -> None:
    assert issubclass(Subnet, BaseModel)
    upload: Any = s3_models.FakeMultipart
    made = upload("k", {}, ACCOUNT, REGION)
    gone = weakref.ref(made)
    del made
    assert gone() is None


def test_subnets_hand_out_each_address_once_and_from_where_they_stopped(store: Store) -> None:
    def make(service: str, operation: str, **params: Any) -> Any:
        return store.execute(ACCOUNT, REGION, service, operation, params)

    vpc = make("ec2", "CreateVpc", CidrBlock="10.9.0.0/24")["Vpc"]["VpcId"]
    made = make("ec2", "CreateSubnet", VpcId=vpc, CidrBlock="10.9.0.0/28")["Subnet"]["SubnetId"]

    subnet: Any = _subnet(made)
    first = [subnet.get_available_subnet_ip(None) for _ in range(3)]
    assert first == ["10.9.0.4", "10.9.0.5", "10.9.0.6"]
    again = pickling.load(pickling.dump(subnet))
    assert again.get_available_subnet_ip(None) == subnet.get_available_subnet_ip(None)


def _subnet(name: str) -> Subnet:
    backends = importlib.import_module("moto.ec2.models").ec2_backends
    zones = backends[ACCOUNT][REGION].subnets.values()
    found: Subnet = next(zone[name] for zone in zones if name in zone)
    return found


@pytest.mark.parametrize("cidr", ["10.0.0.0/28", "10.0.0.0/31", "10.0.0.0/32", "2001:db8::/125"])
def test_addresses_are_those_that_python_counts(cidr: str) -> None:
    network = ipaddress.ip_network(cidr)
    assert list(neutral._Hosts(network)) == list(network.hosts())


def test_bodies_of_objects_are_ours(store: Store) -> None:
    key = FakeKey("k", b"words", account_id=ACCOUNT, region_name=REGION)
    assert isinstance(key._value_buffer, Body), "objects no longer keep their bodies in this file"
    assert key.value == b"words"
    assert key.etag == f'"{hashlib.md5(b"words").hexdigest()}"'
    key.value = b"others"
    assert (key.value, key.contentsize) == (b"others", 6)
    again = pickling.load(pickling.dump(key))
    assert again.value == b"others"


@pytest.mark.parametrize("size", [0, 10, bodies.INLINE + 1])
def test_a_body_is_read_and_written_like_a_file(size: int) -> None:
    body = Body()
    data = random.Random(size).randbytes(size)
    body.write(data)
    body.seek(0)
    assert body.read(3) + body.read() == data
    body.seek(0)
    body.truncate()
    assert body.read() == b""


def test_ids_of_uploads_come_from_the_dice(store: Store) -> None:
    """Parts are replayed under the id of their upload."""
    upload: Any = s3_models.FakeMultipart
    determinism.tame()

    def begin() -> str:
        with determinism.moment(1_700_000_000.0, 11):
            return str(upload("k", {}, ACCOUNT, REGION).id)

    assert begin() == begin()


def test_notifications_are_signed_the_same_at_each_replay(store: Store) -> None:
    topic = SimpleNamespace(arn="arn", sns_backend=SimpleNamespace(region_name=REGION), name="t")
    subscription: Any = sns_models.Subscription.__new__(sns_models.Subscription)
    subscription.topic, subscription.account_id = topic, ACCOUNT

    def post() -> Any:
        with determinism.moment(1_700_000_000.0, 12):
            return subscription.get_post_data("words", "id", None)

    assert post() == post()


def test_regions_of_ec2_are_those_of_botocore() -> None:
    session = botocore.session.Session()
    names = [
        name
        for partition in ("aws", "aws-us-gov", "aws-cn")
        for name in session.get_available_regions("ec2", partition)
    ]
    assert [region.name for region in RegionsAndZonesBackend.regions] == names


def test_moto_changes_nothing_at_class_level_that_is_not_known(store: Store) -> None:
    assert world.unknown() == []


class Odd(defaultdict[str, list[int]]):
    """A dictionary as moto has them: its `__init__` asks for more, its items are made up."""

    def __init__(self, owner: str) -> None:
        super().__init__(list)
        self.owner = owner

    def __setitem__(self, key: str, value: list[int]) -> None:
        super().__setitem__(key.upper(), value)


Odd.__module__ = "moto.odd"


def test_what_pickle_does_not_know_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "moto.odd", SimpleNamespace(Odd=Odd))
    odd = Odd("me")
    odd["a"].append(1)
    condition = threading.Condition()
    target = {"odd": odd, "lock": threading.Lock(), "condition": condition, "self": [odd]}
    target["again"] = target
    again = pickling.load(pickling.dump(target))
    assert sameness.difference(target, again) is None
    assert again["odd"].owner == "me"
    assert again["self"][0] is again["odd"]
    assert not again["lock"].locked()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1}, {"a": 2}),
        ([1, 2], [1, 2, 3]),
        ({"a": 1}, {"a": True}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({1, 2}, {1, 3}),
        (SimpleNamespace(a=[]), SimpleNamespace(a=[0])),
        (defaultdict(list), defaultdict(dict)),
    ],
)
def test_what_is_not_the_same_is_seen(one: Any, other: Any) -> None:
    assert sameness.difference(one, one) is None
    assert sameness.difference(one, other) is not None


def test_sharing_is_part_of_being_the_same() -> None:
    shared: list[int] = []
    assert sameness.difference([shared, shared], [[], []]) is not None


def test_a_snapshot_runs_nothing() -> None:
    class Bad:
        def __reduce__(self) -> Any:
            return os.system, ("true",)

    with pytest.raises(pickling.Unfit, match="does not belong in a snapshot"):
        pickling.load(pickle.dumps(Bad()))
    for name in (
        *(b"cbuiltins\neval\n.", b"cbuiltins\nexec\n.", b"csubprocess\nPopen\n."),
        *(b"cmoto.s3.models\nos\n.", b"\x80\x04\x8c\x0emoto.s3.models\x8c\tos.system\x93."),
    ):
        with pytest.raises(pickling.Unfit, match="does not belong in a snapshot"):
            pickling.load(name)
