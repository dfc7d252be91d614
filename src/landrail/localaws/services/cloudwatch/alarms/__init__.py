"""Alarms: what they are, when they are in which state, and what follows from a change."""
