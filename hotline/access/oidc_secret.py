"""The secret that the OpenID provider gave the hotline, and whether all is there that a sign-in through it takes."""

from hotline.access import claim_rules
from hotline.settings import Settings, settings


def client_secret(said: Settings | None = None) -> str | None:
    """What the provider gave the hotline, from its file or from the environment.

    Raises OSError without the file, and ValueError where it holds none.
    """
    said = said or settings()
    if path := said.oidc_client_secret_file:
        if not (secret := path.read_text(encoding="utf-8").strip()):
            raise ValueError(f"{path} is empty")
        return secret
    return said.oidc_client_secret.get_secret_value() if said.oidc_client_secret else None


def unready() -> str | None:
    """Why nobody could sign in through the provider, where one is set, before it is asked anything."""
    if settings().oidc_issuer is None:
        return None
    try:
        claim_rules.read()
        client_secret()
    except (claim_rules.NoRules, OSError, ValueError) as error:
        return f"nobody could sign in through OpenID Connect: {error}"
    return None
