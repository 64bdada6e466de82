"""Addresses of units: their users, the persons who work for them, and changes of what is registered."""

from django.urls import path

from accounts.views import account_log, changes, completion, members, unit_users

urlpatterns = [
    path("unit/users/", unit_users.unit_users, name="unit_users"),
    path("unit/users/add/", unit_users.unit_user_add, name="unit_user_add"),
    path("unit/users/<int:pk>/", unit_users.unit_user_edit, name="unit_user_edit"),
    path("unit/users/<int:pk>/password/", unit_users.unit_user_reset, name="unit_user_reset"),
    path("unit/users/<int:pk>/stop/", unit_users.unit_user_stop, name="unit_user_stop"),
    path("unit/users/<int:pk>/start/", unit_users.unit_user_start, name="unit_user_start"),
    path("unit/accounts/", members.members, name="members"),
    path("unit/accounts/<int:pk>/", members.member, name="member"),
    path("unit/accounts/<int:pk>/edit/", members.member_edit, name="member_edit"),
    path("unit/accounts/<int:pk>/close/", members.member_close, name="member_close"),
    path("unit/accounts/<int:pk>/reopen/", members.member_reopen, name="member_reopen"),
    path("unit/accounts/<int:pk>/password/", members.member_password, name="member_password"),
    path("unit/accounts/<int:pk>/full/<slug:field>/", members.member_reveal, name="member_reveal"),
    path("unit/change/", changes.unit_change, name="unit_change"),
    path("unit/change/<int:pk>/", changes.unit_change_edit, name="unit_change_edit"),
    path("unit/change/<int:pk>/submit/", changes.unit_change_submit, name="unit_change_submit"),
    path("unit/change/<int:pk>/withdraw/", changes.unit_change_withdraw, name="unit_change_withdraw"),
    path("unit/details/", completion.unit_details, name="unit_details"),
    path("account/record/", account_log.account_log, name="account_log"),
    path("account/employer/", changes.unit_transfer, name="unit_transfer"),
    path("account/employer/<int:pk>/", changes.unit_transfer_edit, name="unit_transfer_edit"),
    path("account/employer/<int:pk>/submit/", changes.unit_transfer_submit, name="unit_transfer_submit"),
    path("account/employer/<int:pk>/withdraw/", changes.unit_transfer_withdraw, name="unit_transfer_withdraw"),
]
