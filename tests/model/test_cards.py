"""The model card of a version: what a project says of it, what is known of it, and the page."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from landrail.diagnostics import Mistakes
from landrail.localaws.services.sagemaker.cards import SCHEMA, problems
from landrail.operations.model.artifacts import Build, Candidate
from landrail.operations.model.cards import card, page
from landrail.operations.model.recipe import read_recipe

SAID = {
    "purpose_of_model": "Say which flights arrive late.",
    "risk_rating": "Low",
    "business_problem": "Crews wait | and <passengers> too.",
    "caveats_and_recommendations": "Not for winters unlike those of the data.",
}
BUILD = Build(
    "delays", "c0ffee", "h/m@sha256:a", "sha256:a", "m-1.whl", ["m"], "flights@1",
    {"iterations": "100"}, "ml.m5.large", {}, card=SAID,
)  # fmt: skip
FIRST = Candidate(
    BUILD,
    training_job="arn:aws:sagemaker:eu-west-1:111122223333:training-job/t",
    processing_job="arn:aws:sagemaker:eu-west-1:111122223333:processing-job/p",
    model_data="s3://b/m",
    metrics={"auc": 0.9, "baseline": 0.88},
    authors=("ana", "ana@example.com"),
    execution="e-1",
    package="arn:aws:sagemaker:eu-west-1:111122223333:model-package/delays/1",
)
NEXT = replace(
    FIRST,
    champion={"package": "p/1", "metrics": {"auc": 0.89}, "measured_anew": True},
    approval={"by": "arn:aws:sts::1:assumed-role/mlops/dee", "at": "today", "comment": "good"},
)


@pytest.mark.parametrize("candidate", [FIRST, NEXT, Candidate(replace(BUILD, card={}))])
def test_a_card_follows_the_schema_of_versions(candidate: Candidate) -> None:
    made = card(candidate, "auc >= baseline + 0.01")
    assert list(problems(SCHEMA, made, "$")) == []
    assert len(json.dumps(made)) < 100_000


def test_a_card_tells_what_is_known() -> None:
    made = card(NEXT, "auc >= champion.auc")
    assert made["intended_uses"]["risk_rating"] == "Low"
    candidate, champion = made["evaluation_details"]
    assert candidate["metric_groups"][0]["metric_data"][0]["value"] == 0.9
    assert "measured anew" in champion["evaluation_observation"]
    told = made["additional_information"]["custom_details"]
    assert told["data"] == "flights@1"
    assert told["approved_by"].endswith("/dee")
    assert "approved_by" not in card(FIRST, "")["additional_information"]["custom_details"]


def test_the_page_tells_the_same_and_nothing_breaks_it() -> None:
    made = page(NEXT, "auc >= champion.auc")
    assert "| auc | 0.9 | 0.89 |" in made
    assert "| baseline | 0.88 |  |" in made
    assert "| commit | c0ffee |" in made
    assert "&lt;passengers>" in made
    assert "| iterations | 100 |" in made
    assert "champion |" not in page(FIRST, "").split("## Made of")[0]


def test_what_a_project_says_wrongly_is_named(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "m"\nversion = "1"\n[tool.landrail]\ndata = "d@1"\n'
        '[tool.landrail.card]\nrisk_rating = "huge"\nintended_use = "x"\nbusiness_problem = 3\n'
        f'purpose_of_model = "{"x" * 2049}"\n'
    )
    with pytest.raises(Mistakes) as caught:
        read_recipe(tmp_path)
    said = {one.summary: one.remedy for one in caught.value.diagnostics}
    assert said == {
        "`tool.landrail.card.risk_rating` is `huge`": "one of High, Medium, Low, Unknown",
        "unknown key `tool.landrail.card.intended_use`": "did you mean `intended_uses`?",
        "`tool.landrail.card.business_problem` is no text": "write it in quotes",
        "`tool.landrail.card.purpose_of_model` has 2049 characters": (
            "SageMaker takes 2048 at most"
        ),
    }
