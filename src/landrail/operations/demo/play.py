"""The demo from beginning to end: who does what, in which order, and what is kept of it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from botocore.exceptions import ClientError

from landrail.aws.errors import failure
from landrail.aws.sessions import Identity, Loaded
from landrail.diagnostics import Failure
from landrail.operations.apply import apply_plan
from landrail.operations.demo import flights, forbidden, rules, science, serving
from landrail.operations.demo.acts import Outcome
from landrail.operations.demo.attempts import attempt_all
from landrail.operations.demo.cast import Cast
from landrail.operations.demo.facts import (
    DATASET,
    LAKE,
    MODEL,
    OTHER_SCIENCE,
    PRODUCTION,
    SCIENCE,
    SHARED,
    Facts,
)
from landrail.operations.demo.journey import Travelled, executions, travel
from landrail.operations.demo.report import Report, counted
from landrail.operations.demo.scene import Scene
from landrail.operations.demo.serving import Served
from landrail.operations.demo.watching import Watcher
from landrail.operations.enter import enter
from landrail.operations.people import choose
from landrail.operations.plan import Prepared, prepare
from landrail.operations.server import Server, require
from landrail.operations.signin import account_ids, sign_in
from landrail.resources import Account


@dataclass
class Play:
    """One run of the demo; each part is told to the watcher and timed."""

    scene: Scene
    watcher: Watcher
    fast: bool = False
    seconds: dict[str, float] = field(default_factory=dict)

    def run(self) -> Report:
        """Play everything; raises Failure or Mistakes at the first thing that goes wrong."""
        try:
            return self._run()
        except ClientError as error:
            raise failure(error, "the demo stopped") from error

    def _run(self) -> Report:
        with self._part("platform", "one file becomes an organization of accounts with guardrails"):
            prepared = self._apply()
        cast, facts, server = people(self.scene, prepared)
        with tempfile.TemporaryDirectory(prefix="landrail-demo-") as temporary:
            work = Path(temporary)
            with self._part("data", "a data engineer publishes the data set"):
                keys = self._publish(cast, facts, work)
            with self._part("code", "a data scientist explores the granted data and pushes code"):
                known = executions(cast)
                commit = self._push(cast, facts, work)
            travelled = travel(cast, facts, self.watcher, self._part, known)
            with self._part("answers", "production answers for flights it has never seen"):
                dee = cast.actor("dee", PRODUCTION)
                served = serving.ask(dee, work / "flights")
                job, rows = serving.batch_rows(dee, facts)
                self.watcher.told(
                    f"{served.flights:,} flights scored, AUC {served.auc:.3f} "
                    f"(departure delay alone {served.baseline:.3f}); batch of {rows:,} rows"
                )
        with self._part("rules", "three S3 rules are broken with break-glass, found, put back"):
            broken = tuple(self._rules(cast, facts))
        with self._part("acts", "forbidden acts, each with a twin that must succeed"):
            acts = tuple(self._acts(cast, facts, server, travelled, keys))
        with self._part("again", "a second plan finds nothing to do"):
            again = len(prepare(self.scene.file).plan.pending)
        return Report(
            **counted(prepared.wanted),
            file=str(self.scene.file),
            endpoint_url=server.endpoint,
            commit=commit,
            auc=served.auc,
            baseline=served.baseline,
            flights=served.flights,
            batch_rows=rows,
            gate=facts.document.models[MODEL].gate,
            metrics=travelled.metrics,
            approval=travelled.approval,
            second_apply=again,
            arns=_arns(facts, travelled, served, job),
            acts=acts,
            broken=broken,
            seconds=self.seconds,
            fast=self.fast,
        )

    def _apply(self) -> Prepared:
        prepared = prepare(self.scene.file, start=True, opened=self.watcher.opened)
        with self.watcher.applying(prepared.plan) as listener:
            result = apply_plan(prepared, listener=listener)
        if not result.ok:
            words = "; ".join(f"{where}: {why}" for where, why in result.failed.items())
            raise Failure("the platform does not stand", words[:2000])
        self.watcher.told(
            f"{len(prepared.wanted.of_kind(Account))} accounts, {len(result.done)} changes, "
            f"{result.calls:,} API calls in {result.seconds:.1f} s"
        )
        return prepared

    def _publish(self, cast: Cast, facts: Facts, work: Path) -> tuple[str, str]:
        files = flights.prepare(self.scene.example, work / "flights", fast=self.fast)
        self.watcher.command(f"landrail as eli@{LAKE} -- aws s3 sync flights {_place(facts)}")
        engineer = cast.actor("eli", LAKE)
        return science.publish(engineer, facts, files), science.publish_other(engineer, facts)

    def _push(self, cast: Cast, facts: Facts, work: Path) -> str:
        self.watcher.command(f"landrail as ana@{SCIENCE} -- aws s3 ls {_place(facts)}")
        size = science.explore(cast.actor("ana", SCIENCE), facts)
        self.watcher.told(f"{size / 1e6:.1f} MB of granted data")
        self.watcher.command(f"landrail as ana@{SHARED} -- git push origin main")
        environment = enter(self.scene.file, f"ana@{SHARED}").child()
        source = self.scene.example / MODEL
        return science.push(environment, source, work / MODEL, facts.document.region)

    def _rules(self, cast: Cast, facts: Facts) -> Iterator[rules.Broken]:
        breaker = cast.actor("break-glass", OTHER_SCIENCE)
        reader = cast.actor("audrey", OTHER_SCIENCE)
        bucket = facts.workspace(OTHER_SCIENCE)
        for fault in rules.faults():
            found = rules.break_and_mend(breaker, reader, bucket, fault)
            self.watcher.told(
                f"{found.rule}: {found.done}, found after {found.found_after:.1f} s, "
                f"put back and compliant after {found.mended_after:.1f} s"
            )
            yield found

    def _acts(
        self, cast: Cast, facts: Facts, server: Server, travelled: Travelled, keys: tuple[str, str]
    ) -> Iterator[Outcome]:
        standing = forbidden.standing(cast, facts, travelled, keys)
        for outcome in attempt_all(cast, server, facts, forbidden.pairs(facts, standing)):
            self.watcher.acted(outcome)
            yield outcome

    @contextmanager
    def _part(self, name: str, words: str) -> Iterator[None]:
        self.watcher.part(name, words)
        began = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - began, 1)
        self.watcher.part_done(name, self.seconds[name])


def people(scene: Scene, prepared: Prepared) -> tuple[Cast, Facts, Server]:
    """Return the platform's people, ready to sign in, what is known of it, and its server."""
    server = require(scene.state)
    entrances, wanted = prepared.target.entrances, prepared.wanted
    facts = Facts(prepared.project.document, wanted, account_ids(entrances, wanted))

    def let_in(who: str, account: str) -> Identity:
        entry = choose(wanted, f"{who}@{account}")

        def load() -> Loaded:
            session = sign_in(server, entrances, wanted, entry)
            return session.credentials, session.expires

        return Identity(f"{who}@{account}", load)

    return Cast(entrances.connection, let_in), facts, server


def _place(facts: Facts) -> str:
    return f"s3://{facts.lake(DATASET)}/{DATASET}/{science.VERSION}/"


def _arns(facts: Facts, travelled: Travelled, served: Served, job: str) -> dict[str, str]:
    told = asdict(travelled)
    names = ("execution", "release_execution", "experiment", "training_job", "package")
    pipeline = facts.arn(SHARED, "codepipeline", MODEL)
    return {
        **{name: told[name] for name in names},
        "pipeline": pipeline,
        "release_pipeline": f"{pipeline}-release",
        "image": served.image,
        "endpoint": served.endpoint,
        "transform_job": job,
    }
