"""Short ways to call the API as somebody."""

from typing import Any

from django.test import Client

from stepwell.accounts.actions import create_api_token
from stepwell.accounts.models import User


class Caller:
    """Somebody with a token, or a stranger."""

    def __init__(self, user: User | None = None, *, token: str = "") -> None:
        if user is not None:
            _row, token = create_api_token(user=user, label="test")
        self.client = Client(headers={"Authorization": f"Bearer {token}"} if token else {})

    def call(self, method: str, path: str) -> Any:
        return self.client.generic(method, f"/api/v1/{path}")

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def put(self, path: str) -> Any:
        return self.call("PUT", path)

    def delete(self, path: str) -> Any:
        return self.call("DELETE", path)

    def post(self, path: str) -> Any:
        return self.call("POST", path)


def refused(response: Any) -> tuple[int, str]:
    """Return status and code of an answer that must have the one error shape, and no more."""
    body = response.json()
    assert response["Content-Type"].startswith("application/json")
    assert list(body) == ["error"]
    assert list(body["error"]) == ["code", "message", "fields"]
    assert body["error"]["message"]
    return response.status_code, body["error"]["code"]
