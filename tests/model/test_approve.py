"""What is approved is what was registered, by somebody who did not make it, or nothing is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from landrail.diagnostics import Mistakes
from landrail.operations.model.approve import check_approver
from landrail.operations.model.artifacts import Build, Candidate
from landrail.operations.model.history import Answer
from landrail.operations.model.people import person_of, same
from landrail.operations.model.pins import check_registered, measured, pins
from landrail.operations.model.register import model_package

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/m@sha256:" + "a" * 64
BUILD = Build(
    "m", "c0ffee", IMAGE, "sha256:" + "a" * 64, "m-1.whl", ["m"], "d@1", {}, "ml.m5.large", {}
)
CANDIDATE = Candidate(
    build=BUILD,
    training_job="m-train-1",
    processing_job="m-evaluate-1",
    model_data="s3://artifacts/models/m/1/model.tar.gz",
    model_version="v1",
    metrics={"auc": 1 / 3},
    authors=("ana", "Ana O'Hara", "ana@example.com"),
    execution="e-1",
    package="arn:aws:sagemaker:eu-west-1:111122223333:model-package/m/1",
)


def version(candidate: Candidate = CANDIDATE) -> dict[str, Any]:
    """The version as `register` asks for it."""
    asked = model_package("group", candidate)
    return {name: asked[name] for name in ("InferenceSpecification", "CustomerMetadataProperties")}


def test_the_candidate_that_was_registered_goes_on() -> None:
    check_registered(CANDIDATE, version())


@pytest.mark.parametrize("pin", sorted({**pins(CANDIDATE), **measured(CANDIDATE)}))
def test_one_whose_version_was_changed_does_not(pin: str) -> None:
    changed = version()
    changed["CustomerMetadataProperties"][pin] = "other"
    with pytest.raises(Mistakes, match=f"the {pin} of the candidate is .* `other`"):
        check_registered(CANDIDATE, changed)


@pytest.mark.parametrize(
    ("forged", "said"),
    [
        (replace(CANDIDATE, build=replace(BUILD, digest="sha256:b")), "the image of"),
        (replace(CANDIDATE, build=replace(BUILD, image="other")), "the image URI of"),
        (replace(CANDIDATE, build=replace(BUILD, data="d@2")), "the data of"),
        (replace(CANDIDATE, build=replace(BUILD, package="n-1.whl")), "the wheel of"),
        (replace(CANDIDATE, model_data="s3://elsewhere/m"), "the model data of"),
        (replace(CANDIDATE, model_version="v2"), "the model-version of"),
        (replace(CANDIDATE, metrics={"auc": 0.99}), "the auc of"),
        (replace(CANDIDATE, authors=("somebody",)), "the authors of"),
    ],
)
def test_one_that_was_changed_itself_does_not(forged: Candidate, said: str) -> None:
    with pytest.raises(Mistakes, match=said):
        check_registered(forged, version())


def test_no_author_is_left_out_of_more_than_a_value_holds() -> None:
    many = tuple(f"person-{number}@example.com" for number in range(40))
    all_of_them = replace(CANDIDATE, authors=many)
    assert len(pins(all_of_them)["authors"]) <= 256
    check_registered(all_of_them, version(all_of_them))
    with pytest.raises(Mistakes, match="the authors of"):
        check_registered(replace(CANDIDATE, authors=many[:-1]), version(all_of_them))


def test_everything_that_differs_is_told_at_once() -> None:
    forged = replace(CANDIDATE, model_data="s3://elsewhere/m", training_job="other")
    with pytest.raises(Mistakes) as caught:
        check_registered(forged, version())
    assert len(caught.value.diagnostics) == 2
    with pytest.raises(Mistakes):
        check_registered(CANDIDATE, {})


@pytest.mark.parametrize(
    ("arn", "person"),
    [
        ("arn:aws:sts::111122223333:assumed-role/mlops-churn/dee", "dee"),
        ("arn:aws:iam::111122223333:user/people/dee", "dee"),
        ("arn:aws:iam::111122223333:root", "root"),
        ("", ""),
    ],
)
def test_a_session_bears_its_persons_name(arn: str, person: str) -> None:
    assert person_of(arn) == person


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("ana", "Ana", True),
        ("ana", "ana@example.com", True),
        ("ana@example.com", "ana@elsewhere.com", False),
        ("ana", "anna", False),
        ("", "", False),
    ],
)
def test_one_person_has_one_name(one: str, other: str, is_same: bool) -> None:
    assert same(one, other) is is_same


def given(by: str) -> Answer:
    return Answer(by, f"arn:aws:sts::1:assumed-role/any/{by}", True, "today", "good", "e-2")


def test_nobody_approves_their_own_work_in_whichever_role() -> None:
    check_approver(CANDIDATE, [given("dee")])
    with pytest.raises(Mistakes, match="ANA approved a model that is their own work"):
        check_approver(CANDIDATE, [given("dee"), given("ANA")])
    with pytest.raises(Mistakes, match="nobody knows whose work"):
        check_approver(replace(CANDIDATE, authors=()), [given("dee")])
