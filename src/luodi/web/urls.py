"""Every page's address. Addresses are English words of the field; filters stay in the query string."""

from django.urls import path

from luodi.web.views import sign

urlpatterns = [
    path("sign-in/", sign.sign_in, name="sign_in"),
    path("sign-out/", sign.sign_out, name="sign_out"),
    path("preferences/", sign.preferences, name="preferences"),
]
