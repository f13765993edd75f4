"""The demo account: people, pipelines and lifelike tickets to try the product on; the same ones for the same seed."""

from server.demo.demo_account import PEOPLE, SLUG, find_demo, found_demo
from server.demo.fill_demo import fill_demo

__all__ = ["PEOPLE", "SLUG", "fill_demo", "find_demo", "found_demo"]
