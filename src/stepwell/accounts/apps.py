"""People: users, roles, tokens and sign-in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "stepwell.accounts"
