"""How allauth makes our users, writes our mails and words its refusals."""

import ipaddress
import logging
from typing import Any
from urllib.parse import urlsplit

import allauth.core.context
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailConfirmationHMAC
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import add_query_params
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepwell.accounts.actions import save_with_free_handle
from stepwell.accounts.invitations import is_invited
from stepwell.accounts.models import User
from stepwell.accounts.names import first_name_in, name_from
from stepwell.accounts.queries import get_owners
from stepwell.accounts.wanted_page import get_wanted_page
from stepwell.core.addresses import site_address
from stepwell.school.queries import get_name, is_by_invitation

logger = logging.getLogger(__name__)

WRONG_CODE = gettext_lazy("That code is not right. Enter the one that is shown now.")
TOO_MANY_TRIES = gettext_lazy("Too many tries. Wait five minutes and try again.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Sign-up gives a person a name and a free handle; mails carry the school's name."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": gettext_lazy("This account is closed. Ask the owner of the site."),
        "duplicate_email": gettext_lazy("This is your address already."),
        "email_password_mismatch": gettext_lazy(
            "That address and password don’t belong together. Check both and try again."
        ),
        "email_taken": gettext_lazy("Another account has this address. Use a different one."),
        "enter_current_password": gettext_lazy("That is not your current password."),
        "incorrect_code": WRONG_CODE,
        "incorrect_password": gettext_lazy("That is not your password."),
        "rate_limited": TOO_MANY_TRIES,
        "too_many_login_attempts": TOO_MANY_TRIES,
        "unverified_primary_email": gettext_lazy("Confirm your address first."),
    }

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.name = form.cleaned_data.get("name", "")
        super().save_user(request, user, form, commit=False)
        user.name = user.name or name_from(user.email)
        if commit:
            save_with_free_handle(user)
        return user

    def populate_username(self, request: HttpRequest, user: User) -> None:  # noqa: ARG002  allauth's
        """Name a person who came by single sign-on, for whom no form was asked."""
        user.name = user.name or name_from(user.email)

    def is_safe_url(self, url: str) -> bool:
        """Tell whether `next` may lead there; what can't be read as an address leads nowhere."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        if "signup_url" in context:  # for somebody whose address has no account
            signup_url = add_query_params(reverse("account_signup"), _way_on(str(context["email"])))
            context = {**context, "signup_url": signup_url}
        known = {
            "site_name": get_name(),
            "site_url": self._public_url("/"),
            "new_password_url": self._public_url(reverse("account_reset_password")),
        }
        links = {
            name: self._public_url(urlsplit(value)._replace(scheme="", netloc="").geturl())
            for name, value in context.items()
            if name.endswith("_url")
        }
        mail: EmailMessage = super().render_mail(
            template_prefix, email, {**context, **links, **known}, headers
        )
        return mail

    def _public_url(self, path: str) -> str:
        """Return a link for mails; visitors must not choose its host once an address is set."""
        if settings.SITE.address:
            return site_address(path)
        return str(allauth.core.context.request.build_absolute_uri(path))

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner of an address how to get into the account, however they tried to come."""
        person = next(iter(filter_users_by_email(email)), None)
        if person is None:  # gone meanwhile
            return
        if not person.is_active:
            self.send_account_closed_mail(email)
            return
        page = allauth.core.context.request.resolver_match
        came_by_provider = page.view_name in {"openid_connect_callback", "socialaccount_signup"}
        connections = urlencode({"next": reverse("socialaccount_connections")})
        context = {
            "user": person,
            "provider": settings.SITE.oidc_name or _("single sign-on"),
            "is_connected": SocialAccount.objects.filter(user=person).exists(),
            "came_by_provider": came_by_provider,
            "login_url": add_query_params(reverse("account_login"), _way_on(email)),
            "password_reset_url": add_query_params(
                reverse("account_reset_password"), _way_on(email)
            ),
            "connect_url": f"{reverse('account_login')}?{connections}",
        }
        self.send_mail("account/email/account_already_exists", email, context)

    def send_account_closed_mail(self, email: str) -> None:
        """Tell a suspended person that the account is closed, and whom to ask."""
        names = ", ".join(owner.name for owner in get_owners())
        self.send_mail("account/email/account_closed", email, {"owners": names})

    def set_password(self, user: User, password: str) -> None:
        allauth.core.context.request.is_first_password = not user.has_usable_password()
        super().set_password(user, password)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell people what happened to their account; some of them have no password to change."""
        if template_prefix == "account/email/password_reset" and self._is_first_password():
            template_prefix = "account/email/password_set"
        told = {"has_password": user.has_usable_password(), **(context or {})}
        super().send_notification_mail(template_prefix, user, told, email)

    def _is_first_password(self) -> bool:
        return getattr(allauth.core.context.request, "is_first_password", False)

    def get_email_confirmation_url(
        self, request: HttpRequest, emailconfirmation: EmailConfirmationHMAC
    ) -> str:
        url = str(super().get_email_confirmation_url(request, emailconfirmation))
        return _then_sign_in(url, emailconfirmation.email_address.email)

    def get_reset_password_from_key_url(self, key: str) -> str:
        url = str(super().get_reset_password_from_key_url(key))
        return _then_sign_in(url, allauth.core.context.request.POST.get("email", ""))

    def add_message(  # noqa: PLR0917  allauth passes them by position
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Show a message; it tells a first password from a changed one."""
        if (
            message_template == "account/messages/password_changed.txt"
            and self._is_first_password()
        ):
            message_template = "account/messages/password_set.txt"
        super().add_message(request, level, message_template, message_context, extra_tags, message)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the visitor's address; IPv4 in IPv6's notation is the same address as without."""
        address = ipaddress.ip_address(super().get_client_ip(request))
        return str(getattr(address, "ipv4_mapped", None) or address)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:  # noqa: ARG002  allauth's
        """Count wrong passwords by account.

        allauth counts them by the request's host as well, which visitors choose.
        """
        email = str(credentials.get("email", "")).lower()
        people = filter_users_by_email(email, prefer_verified=True, for_login=True)
        return f"account:{people[0].pk}" if people else f"address:{email}"

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        return [{**method, "description": words[method["id"]]} for method in methods]


def _then_sign_in(url: str, email: str) -> str:
    """Have a mail's link lead on to sign-in, with the address filled in.

    Mails are often opened in another browser, which knows nothing of the course that the person
    has chosen before. So the link says it.
    """
    if allauth.core.context.request.user.is_authenticated:
        return url
    query = urlencode(_way_on(email))
    return str(add_query_params(url, {"next": f"{reverse('account_login')}?{query}"}))


def _way_on(email: str) -> dict[str, str]:
    """Return the address, and the page that the person has chosen, as a link carries them."""
    chosen = get_wanted_page(allauth.core.context.request)
    return {"email": email, **({"next": chosen} if chosen else {})}


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Single sign-on brings the name along and gives a free handle, as sign-up by form does."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "email_taken": gettext_lazy(
            "This address has an account already. Sign in to it, then connect %s in the settings."
        ),
        "connected_other": gettext_lazy("That is connected to another account already."),
    }

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> Any:
        """Return the provider, in our version where it is OpenID Connect."""
        usual = super().get_provider(request, provider, client_id)
        if usual.id != "openid_connect":
            return usual
        # Here, since it takes 6 MB in each process.
        from stepwell.accounts.single_sign_on import Provider  # noqa: PLC0415

        return Provider(request, app=usual.app)

    def get_requests_session(self) -> Any:
        from stepwell.accounts.single_sign_on import IssuerSession  # noqa: PLC0415  as above

        return IssuerSession(self.request)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,  # noqa: ARG002  allauth's
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002  allauth's
    ) -> None:
        """Log why a sign-in failed; the page says it in words for the person."""
        told = " ".join(filter(None, map(request.GET.get, ("error", "error_description"))))
        reason = str(exception or told or "it was begun in another browser, or long ago")
        logger.warning("Single sign-on failed (%s): %.500s", error, reason)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Show who has an account already the way into it.

        Only to those whose address the issuer has verified: nobody else may learn of the account.
        """
        address = next(iter(sociallogin.email_addresses), None)
        is_new = not sociallogin.is_existing and sociallogin.state.get("process") != "connect"
        if not (is_new and address and address.verified):
            return
        people = filter_users_by_email(address.email)
        if any(not person.is_active for person in people):
            raise ImmediateHttpResponse(redirect("account_inactive"))
        if people:
            sentence = self.error_messages["email_taken"] % sociallogin.provider.name
            context = {"sentence": sentence, "email": address.email}
            page = render(request, "socialaccount/address_taken.html", context)
            raise ImmediateHttpResponse(page)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002  allauth's
        """Let in only who is invited, where sign-up is by invitation."""
        return not is_by_invitation() or is_invited(sociallogin.user.email or "")

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        user.email = data.get("email") or ""  # allauth leaves out what is not ASCII
        parts = (data.get("first_name"), data.get("last_name"))
        user.name = first_name_in([data.get("name") or "", " ".join(filter(None, parts))])
        return user

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_signup_form_initial_data(sociallogin)
        return {**initial, "name": sociallogin.user.name}

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        user: User = sociallogin.user
        user.name = user.name or name_from(user.email)
        user.set_unusable_password()
        with transaction.atomic():
            if form is None:
                save_with_free_handle(user)
            saved: User = super().save_user(request, sociallogin, form)
        return saved


class TwoStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Authenticator apps and passkeys know the site by the school's name."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": gettext_lazy(
            "Turn two-step sign-in off to change your address, and on again afterwards."
        ),
        "incorrect_code": WRONG_CODE,
        "unverified_email": gettext_lazy(
            "Confirm your address first: under “Email” you can have the link sent to you. "
            "Then you can add passkeys and two-step sign-in."
        ),
    }

    def get_totp_issuer(self) -> str:
        return get_name()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": get_name()}

    def generate_authenticator_name(
        self,
        user: User,
        type: Authenticator.Type,  # noqa: A002  allauth's name for it
    ) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey %(number)d") % {"number": count + 1} if count else _("My passkey")
