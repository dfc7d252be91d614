"""How an endpoint comes from one configuration to the next: steps, traffic, alarms, the way back.

`strategy` reads a deployment configuration, `content` says what is to serve, `live` what serves and
who is sent how much, `alarms` looks at alarms, `deploying` and `rolling` walk, `scaling` changes
numbers, `keeping` replaces what has died, `views` says all that in the words of DescribeEndpoint.
"""
