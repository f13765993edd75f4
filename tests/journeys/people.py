"""The people of the demo account, and how they come in: with the passwords that the server printed when it was made."""

import re
from contextlib import AsyncExitStack
from typing import Any, NamedTuple

from tests.support.client import Client
from tests.support.site import Site

ADA, SAM, WES, AMY, BEN, VIC = (f"{name}@demo.test" for name in ("ada", "sam", "wes", "amy", "ben", "vic"))

Json = dict[str, Any]


class Hall(NamedTuple):
    """Where clients get their connections, which are closed with the door."""

    site: Site
    door: AsyncExitStack

    async def nobody(self) -> Client:
        """A client without a token."""
        client = self.site.client()
        await self.door.enter_async_context(client.http)
        return client

    async def sign_in(self, email: str) -> Client:
        """A client of somebody who signs in with the printed password."""
        nobody = await self.nobody()
        password = printed_passwords(self.site.greeting)[email]
        signed_in = await nobody.do("signIn", "token", email=email, password=password)
        assert signed_in["userErrors"] == []
        return Client(nobody.http, signed_in["token"])


def printed_passwords(greeting: str) -> dict[str, str]:
    """The passwords that stand beside the addresses in what a first start prints."""
    return dict(re.findall(r"^\s*(\S+@demo\.test)\s+\w+\s+(\S+)$", greeting, re.MULTILINE))
