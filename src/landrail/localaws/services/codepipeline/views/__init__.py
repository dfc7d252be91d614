"""Executions, details and states in the shapes of the API."""
