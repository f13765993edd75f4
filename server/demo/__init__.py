"""The demo account: people, pipelines and lifelike tickets to try the product on; the same ones for the same seed."""

from server.demo.filling import fill_demo
from server.demo.founding import PEOPLE, SLUG, find_demo, found_demo

__all__ = ["PEOPLE", "SLUG", "fill_demo", "find_demo", "found_demo"]
