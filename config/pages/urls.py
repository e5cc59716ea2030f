from django.urls import path

from config.pages.problems import problems
from config.pages.views import favicon, front

urlpatterns = [
    path("", front, name="front"),
    path("docs/problems", problems, name="problems"),
    path("favicon.ico", favicon, name="favicon"),
]
