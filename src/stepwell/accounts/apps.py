"""People: users, roles, tokens and sign-in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "stepwell.accounts"

    def ready(self) -> None:
        from stepwell.accounts import receivers  # noqa: F401, PLC0415  connects them
