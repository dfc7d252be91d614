"""Batch jobs of what production has: what is asked for, the jobs, the manifest."""
