"""People, posts, accounts and tokens; one's own account; choosing a password by a one-time link."""

from django.urls import path

from luodi.web.views import people, people_own, people_page

urlpatterns = [
    path("people/", people.people_list, name="people"),
    path("people/<code:person>/", people_page.person_page, name="person"),
    path("people/<code:person>/duties/", people_page.duties, name="person_duties"),
    path("account/", people_own.account, name="account"),
    path("welcome/<str:uid>/<str:token>/", people_own.welcome, name="welcome"),
]
