"""Every address of the floors."""

from django.urls import path

from benchmarks.floors import views

urlpatterns = [
    path("readyz", views.empty),
    path("empty/", views.empty),
    path("user/", views.user),
    path("sql/<str:page>/<int:visit>/", views.sql),
]
