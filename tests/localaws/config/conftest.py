"""Accounts whose recorder is on."""

import pytest
from botocore.config import Config
from config_accounts import record


@pytest.fixture(scope="session")
def recorded(local_aws):
    """Makes an account with a recorder, and returns clients of services in it."""

    def make(name, group=None, mode=None):
        number = local_aws.account(name)
        session = local_aws.administrator(number)

        def client(service):
            if service == "s3control":
                # The account is in the host name, so the client takes the server for its proxy.
                proxied = Config(proxies={"http": local_aws.endpoint})
                return session.client(service, use_ssl=False, config=proxied)
            return local_aws.client(service, session)

        record(client("config"), number, group, mode)
        return number, client

    return make
