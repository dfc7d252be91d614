"""What cannot be made is listed as nothing, and not made."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from botocore.session import get_session

from landrail.localaws.services.sagemaker.absent import ABSENT

_MODEL = get_session().get_service_model("sagemaker")


@pytest.mark.parametrize("operation", sorted(ABSENT))
def test_the_table_says_what_aws_answers(operation):
    model = _MODEL.operation_model(operation)
    assert model.input_shape.required_members == []
    assert model.output_shape.members[ABSENT[operation]].type_name == "list"


def test_an_absent_kind_is_listed_as_nothing_and_cannot_be_made(local_aws):
    sagemaker = local_aws.client("sagemaker")
    assert sagemaker.list_code_repositories()["CodeRepositorySummaryList"] == []
    with pytest.raises(ClientError) as caught:
        sagemaker.create_code_repository(
            CodeRepositoryName="n", GitConfig={"RepositoryUrl": "https://example.com/r.git"}
        )
    assert caught.value.response["Error"]["Code"] == "UnsupportedOperation"
    assert "sagemaker:CreateCodeRepository" in caught.value.response["Error"]["Message"]


def test_a_region_that_a_service_does_not_have_is_named(local_aws):
    with pytest.raises(ClientError) as caught:
        local_aws.client("sqs", region_name="eu-nowhere-9").list_queues()
    assert "does not have sqs in the region eu-nowhere-9" in str(caught.value)
