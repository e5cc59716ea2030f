from django.urls import path

from consumers.api import nearby, views

urlpatterns = [
    path("sessions/local", views.LocalSessions.as_view(), name="sign-in-local"),
    path("sessions/current", views.CurrentSession.as_view(), name="session-current"),
    path("me", views.Me.as_view(), name="me"),
    path("stores/nearby", nearby.Nearby.as_view(), name="stores-nearby"),
    path("me/export", views.MyExport.as_view(), name="export-me"),
]
