"""Measurements that take too long, and depend too much on the machine, to be tests: RESULTS.md says what came out."""
