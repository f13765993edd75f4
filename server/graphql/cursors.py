"""Page cursors that clients can neither read, change nor use for another list.

A cursor is encrypted with AES-SIV, which needs no nonce: the same position in the same list always has the same cursor.
The data it is bound to (the account, the arguments of the list) must be the same when the client returns it.
"""

import base64
import binascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# Names the purpose of the key: another use of the secret key gets another name, a new cursor format a new number.
_PURPOSE = b"sluicegate cursors 1"
_KEY_BYTES = 64
_MAX_LENGTH = 4096
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class SealedCursors:
    """Seals and opens cursors with a key derived from the secret key, which all servers of a database share.

    `bound` is the data the cursor is bound to: equal for `seal` and `open`, and not contained in the cursor.
    """

    def __init__(self, secret_key: bytes, purpose: bytes = _PURPOSE) -> None:
        derived = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=purpose).derive(secret_key)
        self._cipher = AESSIV(derived)

    def seal(self, payload: bytes, bound: bytes) -> str:
        """A cursor of URL-safe characters for a payload that is not empty: about 4/3 of its length plus 22."""
        encoded = binascii.b2a_base64(self._cipher.encrypt(payload, [bound]), newline=False)
        return encoded.translate(_URL_SAFE, b"=").decode("ascii")

    def open(self, sealed: str, bound: bytes) -> bytes:
        """The payload; raises ValueError for a cursor that was sealed with another key or bound to other data."""
        if len(sealed) > _MAX_LENGTH:
            raise ValueError("The cursor is too long.")
        try:
            encrypted = base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
            return self._cipher.decrypt(encrypted, [bound])
        except (binascii.Error, InvalidTag, ValueError):
            raise ValueError("The cursor is not one of this list.") from None
