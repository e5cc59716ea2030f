from django.urls import path

from config.pages.views import front

urlpatterns = [path("", front, name="front")]
