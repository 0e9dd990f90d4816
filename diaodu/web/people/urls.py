"""The pages of people."""

from __future__ import annotations

from django.urls import path

from diaodu.web.people.views import accounts, audit, orgs, users

app_name = "people"
urlpatterns = [
    path("manage/", orgs.home, name="home"),
    path("manage/orgs/export/", orgs.orgs_export, name="orgs_export"),
    path("manage/orgs/new/", orgs.org_new, name="org_new"),
    path("manage/orgs/of/<str:id>/", orgs.org, name="org"),
    path("manage/orgs/of/<str:id>/edit/", orgs.org_edit, name="org_edit"),
    path("manage/orgs/of/<str:id>/close/", orgs.org_close, name="org_close"),
    path("manage/users/", users.users, name="users"),
    path("manage/users/export/", users.users_export, name="users_export"),
    path("manage/users/new/", users.user_new, name="user_new"),
    path("manage/users/<int:id>/", users.user, name="user"),
    path("manage/users/<int:id>/edit/", users.user_edit, name="user_edit"),
    path("manage/users/<int:id>/active/", users.user_active, name="user_active"),
    path("manage/users/<int:id>/link/", users.user_link, name="user_link"),
    path("manage/users/<int:id>/second-step/", users.user_second_step, name="user_second_step"),
    path("manage/users/<int:id>/roles/new/", users.membership_new, name="membership_new"),
    path("manage/roles/<int:id>/", users.membership_edit, name="membership_edit"),
    path("manage/roles/<int:id>/revoke/", users.membership_revoke, name="membership_revoke"),
    path("account/", accounts.account, name="account"),
    path("link/<str:token>/", accounts.link, name="link"),
    path("acts/", audit.audit, name="audit"),
    path("acts/<int:number>/", audit.act, name="act"),
    path("acts/export/", audit.audit_export, name="audit_export"),
]
