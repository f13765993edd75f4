"""The key that heads of the audit chain are signed with: made from the secret key, and never in the database."""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# Names what the key is for; another use of the secret key has another name.
_PURPOSE = b"sluicegate audit heads 1"
_KEY_BYTES = 32
_NAME_BYTES = 8


class AuditKey:
    """An Ed25519 key, derived from the server's secret key: the same for all servers of a database."""

    def __init__(self, secret_key: bytes) -> None:
        derived = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=_PURPOSE).derive(secret_key)
        self._key = Ed25519PrivateKey.from_private_bytes(derived)
        self.public_key = self._key.public_key().public_bytes_raw()
        self.key_id = self.name(self.public_key)

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature of a message."""
        return self._key.sign(message)

    def verifies(self, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Whether a signature is that of a message by the holder of a key of 32 bytes."""
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def name(self, public_key: bytes) -> str:
        """The first 16 hexadecimal digits of the SHA-256 of a public key."""
        return hashlib.sha256(public_key).digest()[:_NAME_BYTES].hex()
