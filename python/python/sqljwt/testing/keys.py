"""Keys that sign test tokens, and the compact form of what they sign."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any, cast, get_args

from ..names import Algorithm

ED25519 = ("EdDSA", "Ed25519")
"""RFC 8037's name and RFC 9864's."""

CURVES = {"ES256": ("P-256", 32), "ES384": ("P-384", 48), "ES512": ("P-521", 66)}
"""The curve of each algorithm, and the bytes of one coordinate (RFC 7518 section 3.4)."""


@dataclass(frozen=True)
class SigningKey:
    """A private key with its id and the algorithm that it signs with."""

    id: str
    algorithm: Algorithm
    _private: Any = field(repr=False)

    @classmethod
    def generate(cls, key_id: str, algorithm: Algorithm = "ES256", *, rsa_bits: int = 2048) -> SigningKey:
        """Make a new key.

        Raises:
            ValueError: there is no such algorithm.
            ModuleNotFoundError: the library that signs is not installed.
        """
        if algorithm not in get_args(Algorithm):
            raise ValueError(f"argument 'alg': {algorithm!r} is none of {', '.join(get_args(Algorithm))}")
        try:
            from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError("minting tokens takes a library that signs: pip install 'sqljwt[testing]'") from error
        if algorithm in ED25519:
            return cls(key_id, algorithm, ed25519.Ed25519PrivateKey.generate())
        if algorithm.startswith("ES"):
            curves = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
            return cls(key_id, algorithm, ec.generate_private_key(curves[algorithm]))
        return cls(key_id, algorithm, rsa.generate_private_key(65537, rsa_bits))

    @classmethod
    def from_pem(cls, key_id: str, pem: bytes, algorithm: Algorithm | None = None) -> SigningKey:
        """Read a private key in PEM; without an algorithm it signs with the usual one of its kind.

        Raises:
            ValueError: the text is no private key without a passphrase, or the key does not fit the algorithm.
            ModuleNotFoundError: the library that signs is not installed.
        """
        try:
            from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
            from cryptography.hazmat.primitives.serialization import load_pem_private_key
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError("minting tokens takes a library that signs: pip install 'sqljwt[testing]'") from error
        try:
            private = load_pem_private_key(pem, None)
        except (ValueError, TypeError, NotImplementedError):
            raise ValueError("no private key in PEM without a passphrase") from None
        fitting: tuple[Algorithm, ...] = ()
        if isinstance(private, ed25519.Ed25519PrivateKey):
            fitting = ("EdDSA", "Ed25519")
        elif isinstance(private, rsa.RSAPrivateKey):
            fitting = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
        elif isinstance(private, ec.EllipticCurvePrivateKey):
            curves: dict[str, tuple[Algorithm, ...]] = {"secp256r1": ("ES256",), "secp384r1": ("ES384",), "secp521r1": ("ES512",)}
            fitting = curves.get(private.curve.name, ())
        if not fitting:
            raise ValueError("a key of a kind that signs no token here: RSA, EC on P-256, P-384 or P-521, and Ed25519 do")
        if algorithm is not None and algorithm not in fitting:
            raise ValueError(f"the key signs with {' or '.join(fitting)}, not with {algorithm}")
        return cls(key_id, algorithm or fitting[0], private)

    def to_pem(self) -> bytes:
        """The private key in PEM, without a passphrase (PKCS #8)."""
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

        return cast(bytes, self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))

    def public_jwk(self) -> dict[str, str]:
        """The public half as identity providers publish it (RFC 7517)."""
        public, common = self._private.public_key(), {"kid": self.id, "use": "sig", "alg": self.algorithm}
        if self.algorithm in ED25519:
            return {"kty": "OKP", "crv": "Ed25519", "x": base64url(public.public_bytes_raw()), **common}
        numbers = public.public_numbers()
        if self.algorithm.startswith("ES"):
            curve, size = CURVES[self.algorithm]
            return {"kty": "EC", "crv": curve, "x": _integer(numbers.x, size), "y": _integer(numbers.y, size), **common}
        return {"kty": "RSA", "n": _integer(numbers.n), "e": _integer(numbers.e), **common}

    def sign(self, data: bytes) -> bytes:
        """The signature, in the form that tokens carry (RFC 7518 section 3)."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, padding, utils

        if self.algorithm in ED25519:
            return cast(bytes, self._private.sign(data))
        digest = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}[self.algorithm[2:]]
        if self.algorithm.startswith("ES"):
            _, size = CURVES[self.algorithm]
            r, s = utils.decode_dss_signature(self._private.sign(data, ec.ECDSA(digest)))
            return r.to_bytes(size, "big") + s.to_bytes(size, "big")
        if self.algorithm.startswith("PS"):
            pss = padding.PSS(padding.MGF1(digest), salt_length=digest.digest_size)
            return cast(bytes, self._private.sign(data, pss, digest))
        return cast(bytes, self._private.sign(data, padding.PKCS1v15(), digest))


def signed(key: SigningKey, header: dict[str, Any] | bytes, claims: dict[str, Any] | bytes) -> str:
    """The compact token of a header and claims, each an object or the very bytes to sign."""
    signing_input = f"{encoded(header)}.{encoded(claims)}"
    return f"{signing_input}.{base64url(key.sign(signing_input.encode()))}"


def encoded(part: dict[str, Any] | bytes) -> str:
    """One part of a token."""
    return base64url(part if isinstance(part, bytes) else json.dumps(part, separators=(",", ":")).encode())


def without_none(members: dict[str, Any]) -> dict[str, Any]:
    """An object without the members whose value is None."""
    return {name: value for name, value in members.items() if value is not None}


def base64url(data: bytes) -> str:
    """Unpadded base64url (RFC 7515 section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _integer(number: int, size: int | None = None) -> str:
    return base64url(number.to_bytes(size or (number.bit_length() + 7) // 8, "big"))
