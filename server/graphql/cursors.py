"""Page cursors that clients can neither read, change nor carry elsewhere.

A cursor is sealed with AES-SIV: the same place in the same list always has the same cursor, since it takes no nonce,
and whatever it is bound to (the account, the list's arguments) must be the same when it comes back.
"""

import base64
import binascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# Names what the key is for: another use of the secret key gets another name, a new format of cursors a new number.
_PURPOSE = b"sluicegate cursors 1"
_KEY_BYTES = 64
_LONGEST = 4096
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class SealedCursors:
    """Seals and opens cursors with a key derived from the server's secret key; the same for all servers of a database.

    `bound` is any bytes that both calls agree on; it is not contained in the cursor.
    """

    def __init__(self, secret_key: bytes, purpose: bytes = _PURPOSE) -> None:
        derived = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=purpose).derive(secret_key)
        self._cipher = AESSIV(derived)

    def seal(self, payload: bytes, bound: bytes) -> str:
        """A cursor of URL-safe letters for a payload that is not empty; about 4/3 of its length, and 22 more."""
        encoded = binascii.b2a_base64(self._cipher.encrypt(payload, [bound]), newline=False)
        return encoded.translate(_URL_SAFE, b"=").decode("ascii")

    def open(self, sealed: str, bound: bytes) -> bytes:
        """The payload; raises ValueError for a cursor that was not sealed here, or was bound to something else."""
        if len(sealed) > _LONGEST:
            raise ValueError("The cursor is too long.")
        try:
            encrypted = base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
            return self._cipher.decrypt(encrypted, [bound])
        except (binascii.Error, InvalidTag, ValueError):
            raise ValueError("The cursor is not one of this list.") from None
