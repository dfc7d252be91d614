"""Pieces of templates, each a small function: statements, roles, keys, buckets.

They know CloudFormation's and IAM's shapes, not the platform's accounts and powers.
"""
