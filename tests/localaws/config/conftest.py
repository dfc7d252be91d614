"""Accounts whose recorder is on."""

import pytest
from config_accounts import record


@pytest.fixture(scope="session")
def recorded(local_aws):
    """Makes an account with a recorder, and returns clients of services in it."""

    def make(name, group=None, mode=None):
        number = local_aws.account(name)
        session = local_aws.administrator(number)

        def client(service):
            return local_aws.client(service, session)

        record(client("config"), number, group, mode)
        return number, client

    return make
