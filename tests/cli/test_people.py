"""WHO@ACCOUNT: persons, roles, and what is said of wrong ones."""

import pytest

from landrail.compiler import wanted_of
from landrail.diagnostics import Mistakes
from landrail.operations.people import choose, ways
from landrail.operations.persons import way_of
from landrail.resources import Wanted
from landrail.spec.load import load

FILE = """\
platform: acme-ml
region: eu-west-1
email: aws+{account}@acme.example
lines_of_business: [retail]
operators: [olga]
break_glass: [olga]
administrators: [adam, ana]
auditors: [audrey]
teams:
  churn: {lob: retail, scientists: [ana, ben], mlops: [dee], data_engineers: [eli]}
datasets:
  customers: {owner: data, share: [retail]}
"""


@pytest.fixture(scope="module")
def wanted() -> Wanted:
    return wanted_of(load(FILE, "landrail.yaml"))


@pytest.mark.parametrize(
    ("who_at", "person", "role"),
    [
        ("ana@retail-data-science", "ana", "data-scientist-churn"),
        ("ana@retail-uat", "ana", "data-scientist-churn"),
        ("ana@retail-production", "ana", "administrator"),
        ("ana/administrator@retail-uat", "ana", "administrator"),
        ("dee@shared-prod", "dee", "mlops-churn"),
        ("eli@data-prod", "eli", "data-engineer-churn"),
        ("olga@management", "olga", "operator"),
        ("break-glass@retail-uat", "olga", "break-glass"),
        ("auditor@log-archive", "audrey", "auditor"),
        ("data-scientist-churn@retail-uat", "ana", "data-scientist-churn"),
    ],
)
def test_who_becomes_a_person_in_a_role(
    wanted: Wanted, who_at: str, person: str, role: str
) -> None:
    entry = choose(wanted, who_at)
    assert (entry.person, entry.way.role) == (person, role)
    assert entry.way.path == f"landrail/{role}"


def test_break_glass_is_entered_with_a_second_factor_and_never_by_name_alone(
    wanted: Wanted,
) -> None:
    assert choose(wanted, "break-glass@audit").way.mfa
    with pytest.raises(Mistakes) as caught:
        choose(wanted, "olga@audit")
    assert "olga (break-glass)" in str(caught.value.diagnostics[0].remedy)


@pytest.mark.parametrize(
    ("who_at", "summary", "remedy"),
    [
        ("zoe@retail-uat", "`zoe` cannot enter retail-uat", "ana (data-scientist-churn)"),
        ("an@retail-uat", "`an` cannot enter retail-uat", "did you mean `ana`?"),
        ("ben@retail-production", "`ben` cannot enter", "dee (mlops-churn)"),
        ("release@retail-uat", "is not entered by people", "ana (data-scientist-churn)"),
        ("ana@retail-uta", "there is no account `retail-uta`", "did you mean `retail-uat`?"),
        ("ana", "is not WHO@ACCOUNT", "accounts here: management, "),
        ("@retail-uat", "is not WHO@ACCOUNT", "accounts here: management, "),
    ],
)
def test_a_wrong_one_lists_those_there_are(
    wanted: Wanted, who_at: str, summary: str, remedy: str
) -> None:
    with pytest.raises(Mistakes) as caught:
        choose(wanted, who_at)
    (diagnostic,) = caught.value.diagnostics
    assert summary in diagnostic.summary
    assert remedy in str(diagnostic.remedy)


def test_somebody_of_two_roles_acts_in_the_first_that_is_asked_for() -> None:
    both = wanted_of(load(FILE.replace("mlops: [dee]", "mlops: [dee, ana]"), "landrail.yaml"))
    asked = ("mlops-churn", "data-scientist-churn")
    assert way_of(both, "ana", asked).role == "mlops-churn"
    assert way_of(both, "ana", asked[::-1]).role == "data-scientist-churn"
    assert way_of(both, "ben", asked).role == "data-scientist-churn"


def test_only_people_of_the_file_are_let_in_anywhere(wanted: Wanted) -> None:
    everybody = {person for way in ways(wanted) for person in way.people}
    assert everybody == {"olga", "adam", "ana", "audrey", "ben", "dee", "eli"}
