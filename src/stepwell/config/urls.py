"""Every address of the site."""

from django.urls import include, path

from stepwell.api.v1 import api
from stepwell.config.bad_requests import bad_request
from stepwell.web.admin import owners_site
from stepwell.web.views import errors

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("admin/", owners_site().urls),
    path("api/v1/", api.urls),
    path("", include("stepwell.web.urls")),
]

handler400 = bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many_requests
handler500 = errors.server_error
