"""A small OpenID provider on loopback: it signs in whoever is said to sit at the browser, and can be told to lie."""

import base64
import hmac
import json
import secrets
import socket
import threading
from contextlib import contextmanager
from urllib.parse import urlencode

import uvicorn
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey
from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

from hotline.clock import now
from tests.waiting import until

CLIENT_ID, CLIENT_SECRET = "hotline-in-a-test", secrets.token_urlsafe(24)
KEYS = {"RSA": RSAKey.generate_key(2048, {"kid": "r1"}), "EC": ECKey.generate_key("P-256", {"kid": "e1"})}
STRANGERS = RSAKey.generate_key(2048, {"kid": "r1"})  # made here: whoever asks for a token waits a few seconds only


class Provider:
    """Signs `person` (claims) in with `algorithm`; `claims`, `forged` and `answer` are its lies."""

    def __init__(self):
        self.person, self.algorithm, self.url = {"sub": "s-1"}, "RS256", None
        self.claims, self.forged, self.answer = {}, None, {}
        self.keys, self.codes, self.asked = dict(KEYS), {}, []
        self.replay = False
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.describe),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
                Route("/jwks", self.jwks),
            ]
        )

    def describe(self, request):
        return JSONResponse(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks",
            }
        )

    def jwks(self, request):
        self.asked.append("jwks")
        return JSONResponse(KeySet(list(self.keys.values())).as_dict(private=False))

    def authorize(self, request):
        asked = dict(request.query_params)
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.url} | self.answer
        return RedirectResponse(asked["redirect_uri"] + "?" + urlencode(back), 303)

    async def token(self, request):
        form = await request.form()
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        asked = self.codes.get(form["code"]) if self.replay else self.codes.pop(form["code"], None)
        if (
            asked is None
            or request.headers.get("authorization") != f"Basic {basic}"
            or create_s256_code_challenge(form["code_verifier"]) != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        at = int(now().timestamp())
        claims = {"iss": self.url, "aud": CLIENT_ID, "iat": at, "exp": at + 300, "nonce": asked["nonce"]}
        claims = {name: value for name, value in (claims | self.person | self.claims).items() if value is not None}
        id_token = self.forged(claims) if self.forged else self.signed(claims)
        return JSONResponse({"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": id_token})

    def signed(self, claims):
        key = self.keys["EC" if self.algorithm.startswith("ES") else "RSA"]
        return jwt.encode({"alg": self.algorithm, "kid": key.kid}, claims, key, algorithms=[self.algorithm])


def unsigned(claims):
    """A token that nobody signed, in the words of RFC 7519's `none`."""
    return _joined({"alg": "none", "typ": "JWT"}, claims) + "."


def signed_with_the_public_key(claims):
    """A token whose HMAC key is the public RSA key: who trusts the header's `alg` takes it for good."""
    signed = _joined({"alg": "HS256", "kid": "r1"}, claims)
    return signed + "." + _encoded(hmac.digest(KEYS["RSA"].as_pem(private=False), signed.encode(), "sha256"))


def _joined(*parts):
    return ".".join(_encoded(json.dumps(part).encode()) for part in parts)


def _encoded(part):
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def signed_with_the_client_secret(claims):
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(CLIENT_SECRET), algorithms=["HS256"])


def signed_by_somebody_else(claims):
    return jwt.encode({"alg": "RS256", "kid": "r1"}, claims, STRANGERS, algorithms=["RS256"])


def signed_by_hand(header, key=KEYS["RSA"]):
    """Makes tokens with this header and an RS256 signature of this key, whatever the header says."""

    def sign(claims):
        signed = _joined(header, claims)
        signature = key.private_key.sign(signed.encode(), PKCS1v15(), SHA256())
        return signed + "." + _encoded(signature)

    return sign


@contextmanager
def providing():
    """A provider on a free port of loopback, for as long as the block runs."""
    provider, listening = Provider(), socket.create_server(("127.0.0.1", 0))
    provider.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(provider.app, access_log=False, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    until(lambda: server.started or not thread.is_alive(), "the provider starts")
    assert thread.is_alive(), "the provider did not start"
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join(60)
        listening.close()
