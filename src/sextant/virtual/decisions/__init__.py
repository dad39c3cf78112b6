"""Decisions tried on virtual patients: how many infusions in a series, and when to repeat one."""
