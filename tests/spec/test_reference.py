"""`docs/file.md` holds the reference of the keys as it is made from the document."""

from pathlib import Path

from landrail.spec.load import load
from landrail.spec.reference import reference

PAGE = Path(__file__).parents[2] / "docs" / "file.md"


def test_the_page_says_what_the_document_says() -> None:
    text = PAGE.read_text(encoding="utf-8")
    between = text.partition("<!-- keys: begin -->")[2].partition("<!-- keys: end -->")[0]
    assert between.strip() == reference().strip()


def test_the_page_s_example_is_right() -> None:
    text = PAGE.read_text(encoding="utf-8")
    example = text.partition("```yaml\n")[2].partition("```")[0]
    assert load(example, "landrail.yaml").models
