"""The file of a small platform, and the bucket of its one stack, for the tests beside it."""

FILE = """\
platform: acme
region: eu-west-1
email: aws+{account}@acme.example
lines_of_business: [retail]
accounts:
  shared: {kind: shared-services, environments: [prod]}
  data: {kind: data-management, environments: [prod]}
operators: [olga]
break_glass: [brit]
"""
BUCKET = "landrail-test-bucket"
