"""The numbers by which Alipay knows certificates. Source: its "公钥证书 SN" (open.alipay.com, 公钥证书方式)."""

import base64
import re
from hashlib import md5

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

RSA_SIGNED = "1.2.840.113549.1.1."
"""So begin the identifiers of signatures by RSA; roots signed otherwise are left out of the number."""

RSA_BYTES = bytes.fromhex("2a864886f70d0101")
"""The same in a certificate. What does not have it is not even read: some roots are by algorithms unknown here."""

PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def number_of(certificate: x509.Certificate) -> str:
    """MD5 over the issuer's name (RFC 2253) and the serial number in decimals, in hexadecimal digits."""
    told = certificate.issuer.rfc4514_string() + str(certificate.serial_number)
    return md5(told.encode(), usedforsecurity=False).hexdigest()


def number_of_roots(pem: str) -> str:
    """The numbers of all roots that an RSA key signed, in the order of the file, joined by underlines.

    Raises:
        ValueError: it holds no such certificate.
    """
    texts = [text for text in PEM.findall(pem.encode()) if RSA_BYTES in base64.b64decode(text[27:-25])]
    roots = [x509.load_pem_x509_certificate(text) for text in texts]
    numbers = [number_of(root) for root in roots if root.signature_algorithm_oid.dotted_string.startswith(RSA_SIGNED)]
    if not numbers:
        raise ValueError("None of the roots is signed by RSA.")
    return "_".join(numbers)


def certificate_of(pem: str) -> x509.Certificate:
    """The first certificate of a PEM text.

    Raises:
        ValueError: there is none.
    """
    return x509.load_pem_x509_certificate(pem.encode())


def key_of(certificate: x509.Certificate) -> RSAPublicKey:
    """Its RSA key.

    Raises:
        ValueError: it has another.
    """
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise ValueError("The certificate's key is not an RSA key.")  # noqa: TRY004 - the text is wrong, not its type
    return key
