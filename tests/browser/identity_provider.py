"""A small OpenID Connect provider on this machine, for logging in without asking anybody."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, urlencode, urlparse

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "spanbridge", "a secret of the client alone, long enough"


class Provider:
    """Says to whoever asks that they are the person set here.

    Attributes:
        address: of the provider.
        claims: what it says of the person, beside issuer, audience and times.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.claims: dict[str, Any] = {}
        self._key = RSAKey.generate_key(2048, parameters={"kid": "one"})
        self._nonces: dict[str, str] = {}

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def keys(self) -> dict[str, Any]:
        return {"keys": [self._key.as_dict(private=False)]}

    def authorise(self, query: dict[str, list[str]]) -> str:
        """Return where the browser goes next: nobody is asked for a password."""
        code = token_urlsafe(8)
        self._nonces[code] = query.get("nonce", [""])[0]
        back = {"code": code, "state": query["state"][0]}
        return f"{query['redirect_uri'][0]}?{urlencode(back)}"

    def tokens(self, code: str) -> dict[str, Any]:
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 600,
            "nonce": self._nonces.pop(code),
            **self.claims,
        }
        header = {"alg": "RS256", "kid": "one"}
        return {
            "access_token": token_urlsafe(8),
            "token_type": "Bearer",
            "expires_in": 600,
            "id_token": jwt.encode(header, claims, self._key),
        }


@contextmanager
def provide() -> Iterator[Provider]:
    """Run a provider for as long as it is wanted."""
    made: list[Provider] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlparse(self.path)
            if asked.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", made[0].authorise(parse_qs(asked.query)))
                self.end_headers()
            else:
                known = made[0].keys() if asked.path == "/keys" else made[0].metadata()
                self._send(known)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._send(made[0].tokens(parse_qs(body)["code"][0]))

        def _send(self, value: dict[str, Any]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(value).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.append(Provider(f"http://127.0.0.1:{server.server_port}"))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made[0]
    finally:
        server.shutdown()
        server.server_close()
