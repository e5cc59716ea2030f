from django.contrib.auth.views import LogoutView
from django.urls import path

from stores.dashboard.views import SignIn, one_store, own_stores
from stores.dashboard.visits import new_visit

urlpatterns = [
    path("", own_stores, name="own-stores"),
    path("sign-in/", SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(next_page="sign-in"), name="sign-out"),
    path("visits/new/", new_visit, name="check-in"),
    path("stores/<int:store_id>/", one_store, name="one-store"),
]
