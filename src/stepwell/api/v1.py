"""Version 1 of the API: everything under `/api/v1/`."""

from django.views.decorators.http import require_safe

from stepwell.api import authoring, courses, lessons, me, rewards, studio
from stepwell.api.callers import signed_in
from stepwell.api.docs import DocsPage
from stepwell.api.json_api import JsonApi

api = JsonApi(
    title="Stepwell",
    version="1",
    description=(
        "The classroom over JSON. Send a token as `Authorization: Bearer …`; account settings or "
        "`stepwell token EMAIL` make one."
    ),
    auth=signed_in,
    docs=DocsPage(),
    docs_decorator=require_safe,
)
api.add_router("courses", courses.router)
api.add_router("courses", authoring.router)
api.add_router("courses", studio.router)
api.add_router("lessons", lessons.router)
api.add_router("me", me.router)
api.add_router("me", authoring.taught)
api.add_router("", rewards.router)
