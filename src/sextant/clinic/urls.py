"""Every address of the clinic."""

from allauth.account import views as account
from django.urls import include, path

urlpatterns = [
    path("", include("sextant.clinic.pages.urls")),
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("sign-up/", account.signup, name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("password/", account.password_change, name="account_change_password"),
]
