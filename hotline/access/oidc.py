"""Sign-in through OpenID Connect: authorization code with PKCE, state and nonce; the ID token checked to the letter."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from sqlmodel import col, delete

from hotline.access.errors import SignInNotProven
from hotline.access.oidc_secret import client_secret
from hotline.access.oidc_tables import OidcAttempt
from hotline.access.sessions import token_hash
from hotline.db import transaction
from hotline.errors import NotReady
from hotline.settings import is_guarded, settings
from hotline.tenant import DOOR

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
KEY_TYPES = frozenset({"RSA", "EC"})
LASTS = timedelta(minutes=10)  # from the button to the way back: time for MitID on a phone
KEPT = timedelta(minutes=10)  # what the provider says of itself
LEEWAY = 60  # seconds by which two clocks may differ
TIMEOUT = httpx.Timeout(5.0, connect=2.0)  # a provider that is away must not hold up every thread for long
LONGEST_PAGE = 2000


@dataclass(frozen=True)
class Attempt:
    """One sign-in under way. Its secret stays in the browser's cookie; what leaves is derived from it, one way."""

    secret: str

    @property
    def state(self) -> str:
        """What comes back with the code."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """What comes back in the ID token."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """What shows the provider that the code is ours (PKCE)."""
        return self._derived("verifier")

    def _derived(self, what: str) -> str:
        digest = hmac.digest(self.secret.encode(), what.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def begin(page: str, redirect_url: str, scope: str, now: datetime) -> tuple[Attempt, str]:
    """A new attempt, to be kept in the browser's cookie, and the provider's address to go to.

    `page` is where the person goes afterwards. Raises NotReady where the provider does not answer.
    """
    provider, attempt = _provider(now), Attempt(secrets.token_urlsafe(32))
    with transaction(DOOR) as session:
        session.exec(delete(OidcAttempt).where(col(OidcAttempt.ends_at) <= now))
        state_hash = token_hash(attempt.state)
        session.add(OidcAttempt(state_hash=state_hash, page=page[:LONGEST_PAGE], ends_at=now + LASTS))
    address: str = prepare_grant_uri(
        provider.facts["authorization_endpoint"],
        client_id=settings().oidc_client_id,
        response_type="code",
        redirect_uri=redirect_url,
        scope=scope,
        state=attempt.state,
        nonce=attempt.nonce,
        code_challenge=create_s256_code_challenge(attempt.verifier),
        code_challenge_method="S256",
    )
    return attempt, address


def finish(
    attempt: Attempt, answer: Mapping[str, str], redirect_url: str, now: datetime
) -> tuple[Mapping[str, Any], str]:
    """The claims of the ID token that the provider gives for its `answer`, and the page to go to.

    An attempt is finished once, well or badly. Raises SignInNotProven for whatever does not fit, and NotReady where
    the provider does not answer.
    """
    if not hmac.compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
        raise SignInNotProven("the state is another one")
    page = _used_up(attempt, now)
    if "error" in answer or not answer.get("code"):
        raise SignInNotProven("the provider gave no code")
    if answer.get("iss", settings().oidc_issuer) != settings().oidc_issuer:
        raise SignInNotProven("another provider answered")
    provider = _provider(now)
    tokens = provider.tokens(answer["code"], attempt.verifier, redirect_url)
    return provider.claims(tokens, attempt.nonce, now), page


def _used_up(attempt: Attempt, now: datetime) -> str:
    """End the attempt; the page it was for."""
    with transaction(DOOR) as session:
        mine = (col(OidcAttempt.state_hash) == token_hash(attempt.state), col(OidcAttempt.ends_at) > now)
        page = session.exec(delete(OidcAttempt).where(*mine).returning(col(OidcAttempt.page))).scalar()
    if page is None:
        raise SignInNotProven("the sign-in was finished before, or began too long ago")
    return str(page)


class Provider:
    """What the provider says of itself, and what is asked of it."""

    def __init__(self, issuer: str, now: datetime) -> None:
        """Read its description. Raises NotReady where it does not answer, or describes somebody else."""
        self.issuer, self.read_at = issuer, now
        self.facts = _json("GET", issuer.rstrip("/") + "/.well-known/openid-configuration")
        if self.facts.get("issuer") != issuer:
            raise NotReady("the sign-in provider describes another issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not is_guarded(self.facts.get(name)):
                raise NotReady(f"the sign-in provider's {name} is no https address")
        self._keys: KeySet | None = None

    def tokens(self, code: str, verifier: str, redirect_url: str) -> dict[str, Any]:
        """What the provider gives for a code. Raises SignInNotProven where it refuses the code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_url,
            "code_verifier": verifier,
        }
        auth = None
        secret = client_secret()
        if secret is None:
            form["client_id"] = settings().oidc_client_id
        elif "client_secret_basic" in self.facts.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
            auth = httpx.BasicAuth(settings().oidc_client_id, secret)
        else:
            form |= {"client_id": settings().oidc_client_id, "client_secret": secret}
        return _json("POST", self.facts["token_endpoint"], data=form, auth=auth)

    def claims(self, tokens: Mapping[str, Any], nonce: str, now: datetime) -> Mapping[str, Any]:
        """The claims of the ID token among `tokens`, once it holds. Raises SignInNotProven where it does not."""
        encoded = tokens.get("id_token")
        if not isinstance(encoded, str):
            raise SignInNotProven("the provider gave no ID token")
        client_id = settings().oidc_client_id
        try:
            token = self._checked(encoded)
            claims = CodeIDToken(
                token.claims,
                token.header,
                options={
                    "iss": {"essential": True, "value": self.issuer},
                    "aud": {"essential": True, "value": client_id},
                    "sub": {"essential": True},
                    "exp": {"essential": True},
                },
                params={"nonce": nonce, "client_id": client_id, "access_token": tokens.get("access_token")},
            )
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError, TypeError) as error:
            raise SignInNotProven(f"the ID token does not hold: {type(error).__name__}") from None
        return dict(claims)

    def _checked(self, encoded: str) -> jwt.Token:
        """The token, its signature checked; a key that is not known yet is looked for once more at the provider."""
        known = self._keys
        if known is not None:
            try:
                return jwt.decode(encoded, known, algorithms=ALGORITHMS)
            except (InvalidKeyIdError, JoseError):
                pass  # the provider may have changed its keys since
        self._keys = self._fetch_keys()
        return jwt.decode(encoded, self._keys, algorithms=ALGORITHMS)

    def _fetch_keys(self) -> KeySet:
        keys = _json("GET", self.facts["jwks_uri"]).get("keys", [])
        usable = [key for key in keys if isinstance(key, dict) and _signs(key)]
        if not usable:
            raise NotReady("the sign-in provider shows no key for signatures")
        return KeySet.import_key_set({"keys": usable})


def _signs(key: Mapping[str, Any]) -> bool:
    return key.get("kty") in KEY_TYPES and key.get("use", "sig") == "sig"


_known: dict[str, Provider] = {}


def forget() -> None:
    """Let the next sign-in ask the provider anew."""
    _known.clear()


def _provider(now: datetime) -> Provider:
    """The provider of HOTLINE_OIDC_ISSUER, asked for its description every ten minutes at most."""
    issuer = settings().oidc_issuer
    assert issuer is not None
    known = _known.get(issuer)
    if known is None or now - known.read_at > KEPT:
        known = _known[issuer] = Provider(issuer, now)
    return known


def _json(method: str, address: str, **more: Any) -> dict[str, Any]:
    """The object that this address answers with. Raises SignInNotProven for what it refuses, NotReady for no answer."""
    try:
        with httpx.Client(timeout=TIMEOUT, follow_redirects=False, headers={"Accept": "application/json"}) as client:
            answer = client.request(method, address, **more)
        if method == "POST" and 400 <= answer.status_code < 500:
            raise SignInNotProven("the provider refused the code")
        said = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise NotReady(f"the sign-in provider does not answer: {type(error).__name__}") from None
    if not isinstance(said, dict):
        raise NotReady("the sign-in provider does not answer with an object")
    return said
