"""The example proxy, on ports and with a certificate of a test's own."""

import datetime as dt
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.stack import REPOSITORY, free_port

EXAMPLE = REPOSITORY / "deploy" / "nginx" / "lintel.conf"
SCRATCH = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass(frozen=True)
class ProxySettings:
    """An nginx of a test's own: its file, its address, and the certificate it shows."""

    file: Path
    address: str
    plain_address: str
    certificate: Path


def make_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """Write a self-made certificate for this machine and its key; return their paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / f"{name}.pem", folder / f"{name}-key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.touch(mode=0o600)
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private


def proxy_settings(folder: Path, *, port: int) -> ProxySettings:
    """Write the example as it stands, but for ports and paths, in front of a server's `port`."""
    certificate, key = make_certificate(folder, "proxy")
    secure, plain = free_port(), free_port()
    text = EXAMPLE.read_text()
    for example, own in (
        ("/etc/lintel/tls/fullchain.pem", str(certificate)),
        ("/etc/lintel/tls/privkey.pem", str(key)),
        ("listen 443", f"listen 127.0.0.1:{secure}"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("127.0.0.1:8000", f"127.0.0.1:{port}"),
    ):
        assert example in text
        text = text.replace(example, own)
    lines = [line for line in text.splitlines() if "[::]" not in line]
    scratch = "".join(f"{name}_temp_path {folder}/{name};\n" for name in SCRATCH)
    file = folder / "nginx.conf"
    file.write_text(
        f"daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{scratch}" + "\n".join(lines) + "\n}\n"
    )
    return ProxySettings(
        file, f"https://127.0.0.1:{secure}", f"http://127.0.0.1:{plain}", certificate
    )
