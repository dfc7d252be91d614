"""Right files: what they mean, what is defaulted, and where things stand."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landrail.diagnostics import Mistakes
from landrail.spec import Platform
from landrail.spec.load import load

SMALL = "platform: acme-ml\nregion: eu-west-1\nemail: aws+{account}@acme.example\n"


def read(more: str = "") -> Platform:
    return load(SMALL + more, "landrail.yaml")


def names(document: Platform) -> list[str]:
    return [account.name for account in document.accounts_made()]


def test_three_keys_are_a_platform() -> None:
    document = read()
    assert document.target.is_local
    assert document.operators == ("operator",)
    assert names(document) == [
        "management",
        "log-archive",
        "audit",
        "shared-dev",
        "shared-prod",
        "data-dev",
        "data-test",
        "data-prod",
    ]


def test_a_line_of_business_is_three_accounts_and_one_more_with_development() -> None:
    document = read("lines_of_business: [retail, risk]\ndevelopment: [risk]\n")
    assert names(document)[8:] == [
        "retail-data-science",
        "retail-uat",
        "retail-production",
        "risk-data-science",
        "risk-development",
        "risk-uat",
        "risk-production",
    ]


@pytest.mark.parametrize(
    ("layout", "unit"),
    [
        ("workloads", "Workloads/DataScience"),
        ("lines-of-business", "LinesOfBusiness/retail/DataScience"),
    ],
)
def test_the_layout_says_where_accounts_stand(layout: str, unit: str) -> None:
    document = read(f"layout: {layout}\nlines_of_business: [retail]\n")
    units = {account.name: account.ou for account in document.accounts_made()}
    assert units["retail-data-science"] == unit
    assert units["management"] is None
    assert units["audit"] == "Security"
    assert units["shared-prod"] == "Infrastructure"
    assert units["data-test"] == "Data"


def test_prod_alone_gives_the_smallest_platform() -> None:
    document = read(
        "accounts:\n"
        "  shared: {kind: shared-services, environments: [prod]}\n"
        "  data: {kind: data-management}\n"
    )
    assert len(document.accounts_made()) == 5


def test_account_ids_keep_their_zeros_quoted_or_not() -> None:
    document = read(
        "accounts:\n"
        "  shared: {kind: shared-services, id: 012345670123}\n"
        '  data: {kind: data-management, id: "000000000012"}\n'
    )
    ids = {account.name: account.account_id for account in document.accounts_made()}
    assert ids["shared-prod"] == "012345670123"
    assert ids["data-prod"] == "000000000012"


def test_dates_and_classes() -> None:
    document = read(
        "lines_of_business: [retail]\n"
        "datasets:\n"
        "  customers: {owner: data, share: [retail], class: confidential, expires: 2027-06-30}\n"
    )
    assert document.datasets["customers"].expires == date(2027, 6, 30)
    assert document.datasets["customers"].data_class == "confidential"


def test_a_model_without_a_data_set_learns_from_all_that_its_team_may_read() -> None:
    document = read(
        "lines_of_business: [retail, risk]\n"
        "teams: {churn: {lob: retail}}\n"
        "datasets:\n"
        "  a: {owner: data, share: [retail]}\n"
        "  b: {owner: data, share: [risk]}\n"
        "  c: {owner: data, share: [risk, retail]}\n"
        "models: {churn: {team: churn}, other: {team: churn, dataset: c}}\n"
    )
    assert document.datasets_of("churn") == ("a", "c")
    assert document.datasets_of("other") == ("c",)


def test_places_are_those_of_keys_for_sections_and_of_values_else() -> None:
    document = read("lines_of_business: [retail]\nteams:\n  churn:\n    lob: retail\n")
    assert str(document.where("teams", "churn")) == "landrail.yaml:6:3"
    assert str(document.where("teams", "churn", "lob")) == "landrail.yaml:7:10"
    assert str(document.where("teams", "churn", "mlops")) == "landrail.yaml:6:3"
    assert str(document.where("lines_of_business", 0)) == "landrail.yaml:4:21"
    assert document.where("network", "cidr") == document.where("network")


def test_a_document_made_in_memory_has_no_places() -> None:
    document = Platform(platform="a", region="eu-west-1", email="a+{account}@b.example")
    assert document.where("platform") is None


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert load(b"\xef\xbb\xbf" + SMALL.encode(), "x.yaml").platform == "acme-ml"


def test_documents_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read().platform = "other"  # type: ignore[misc]  # it is frozen


def test_a_huge_file_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(Mistakes, match="too large"):
        load(SMALL + "#" * 2_000_000, "x.yaml")


def test_ten_thousand_brackets_do_not_hurt() -> None:
    with pytest.raises(Mistakes):
        load("a: " + "[" * 10_000, "x.yaml")


_KEYS = st.sampled_from(["platform", "teams", "models", "datasets", "accounts", "x", "no", "1"])
_SCALARS = st.sampled_from(["x", "no", "~", "12", "2027-01-01", '"', "[", "*a", "&a b", "!t x", ""])
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(_KEYS, inner, max_size=3).map(
            lambda items: f"{{{', '.join(f'{k}: {v}' for k, v in items.items())}}}"
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(_KEYS, _VALUES), max_size=5))
def test_whatever_is_written_is_read_or_is_a_mistake_with_a_place(
    lines: list[tuple[str, str]],
) -> None:
    text = SMALL + "".join(f"{key}: {value}\n" for key, value in lines)
    try:
        document = load(text, "x.yaml")
    except Mistakes as mistakes:
        for diagnostic in mistakes.diagnostics:
            assert diagnostic.source is not None
            assert 1 <= diagnostic.source.start.line <= text.count("\n") + 1
    else:
        assert document.accounts_made()
