"""Addresses of the talent space: basic information, its rows, the document wallet."""

from django.urls import path

from talent.views import space, space_rows, wallet

urlpatterns = [
    path("profile/", space.profile, name="profile"),
    path("profile/autosave/", space.profile_autosave, name="profile_autosave"),
    path("wallet/", wallet.wallet, name="wallet"),
    path("wallet/add/", wallet.wallet_add, name="wallet_add"),
    path("wallet/<int:pk>/", wallet.wallet_change, name="wallet_change"),
    path("wallet/<int:pk>/remove/", wallet.wallet_remove, name="wallet_remove"),
]

for _kind in ("honour", "project", "family"):
    _facts = {"kind": _kind}
    urlpatterns += [
        path(f"{_kind}/", space_rows.row_list, _facts, name=f"{_kind}_list"),
        path(f"{_kind}/add/", space_rows.row_add, _facts, name=f"{_kind}_add"),
        path(f"{_kind}/<int:pk>/", space_rows.row_change, _facts, name=f"{_kind}_change"),
        path(f"{_kind}/<int:pk>/remove/", space_rows.row_remove, _facts, name=f"{_kind}_remove"),
    ]
