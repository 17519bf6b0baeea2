"""The cookies of sign-in over HTTPS, as a real browser takes them, keeps them and gives them back."""

from datetime import datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hotline.access import oidc
from hotline.clock import now
from hotline.directory.cvr import CvrNumber
from hotline.settings import settings
from tests.access.provider import CLIENT_ID, CLIENT_SECRET, providing
from tests.browser.conftest import SLOW
from tests.builders import HJORRING, PASSWORD, a_person, a_pool
from tests.building import accounts
from tests.conftest import serving

SESSION = "__Host-hotline_session"


def a_certificate(folder, moment: datetime):
    """Of this machine alone, signed by nobody else; what uvicorn needs of it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hotline")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number())
    made = made.not_valid_before(moment - timedelta(days=1)).not_valid_after(moment + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem))
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(pem, *plain))
    return {"ssl_certfile": str(folder / "cert.pem"), "ssl_keyfile": str(folder / "key.pem")}


@pytest.fixture
def url(with_facts, tmp_path, monkeypatch):
    monkeypatch.setenv("HOTLINE_SECURE_COOKIES", "true")
    settings.cache_clear()
    with serving(**a_certificate(tmp_path, now())) as url:
        yield url


@pytest.fixture
def window(chromium):
    context = chromium.new_context(locale="da-DK", ignore_https_errors=True)
    context.set_default_timeout(SLOW)
    yield context.new_page()
    context.close()


def kept(window):
    """What the browser keeps by now, by name."""
    return {one["name"]: one for one in window.context.cookies()}


def goes_out(window, url):
    window.click("text=Log ud")
    window.wait_for_url(f"{url}/sign-in")
    assert SESSION not in kept(window)
    window.goto(f"{url}/queue")
    assert window.url.startswith(f"{url}/sign-in")


def test_the_cookie_is_of_this_host_alone_and_goes_when_one_signs_out(window, url):
    window.goto(f"{url}/queue")
    window.fill("#username", a_person("secretariat"))
    window.fill("#password", PASSWORD)
    window.keyboard.press("Enter")
    window.wait_for_url(f"{url}/queue")
    cookie = kept(window)[SESSION]
    assert (cookie["secure"], cookie["httpOnly"], cookie["path"], cookie["sameSite"]) == (True, True, "/", "Lax")
    assert cookie["domain"] == "127.0.0.1"  # with a dot before it, it would go to other hosts as well
    goes_out(window, url)


def test_so_does_the_way_through_ones_organisation(window, url, monkeypatch):
    a_pool()
    with accounts() as session:
        session.add(CvrNumber(cvr="99000860", municipality=HJORRING, invented=True))
    with providing() as provider:
        provider.url = provider.url.replace("127.0.0.1", "localhost")
        for name, value in (("ISSUER", provider.url), ("CLIENT_ID", CLIENT_ID), ("CLIENT_SECRET", CLIENT_SECRET)):
            monkeypatch.setenv(f"HOTLINE_OIDC_{name}", value)
        settings.cache_clear()
        oidc.forget()
        provider.person = {"sub": "s-karla", "preferred_username": "karla", "name": "Karla Klog", "cvr": "99000860"}
        provider.person["roles"] = ["hotline-viewer"]
        window.goto(f"{url}/municipalities/{HJORRING}/statistics")
        window.click("text=Log ind med din organisation")
        window.wait_for_url(f"{url}/municipalities/{HJORRING}/statistics")
    assert set(kept(window)) == {SESSION}  # and that of the attempt is gone
    goes_out(window, url)
