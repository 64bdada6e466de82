from django.urls import path

from accounts.views import account, phone, register, registration, reset, security, sign_in, sign_in_sms

app_name = "accounts"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/unit/", sign_in.sign_in_unit, name="sign_in_unit"),
    path("sign-in/person/", sign_in.sign_in_person, name="sign_in_person"),
    path("sign-in/officer/", sign_in.sign_in_officer, name="sign_in_officer"),
    path("sign-in/code-of-the-app/", security.second_factor, name="second_factor"),
    path("sign-in/<slug:entry>/sms/", sign_in_sms.sign_in_sms, name="sign_in_sms"),
    path("sign-in/forgotten/", reset.password_reset, name="password_reset"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("keep-alive/", sign_in.keep_alive, name="keep_alive"),
    path("register/unit/", register.register_unit_notice, name="register_unit"),
    path("register/unit/form/", register.register_unit_form, name="register_unit_form"),
    path("register/person/", register.register_person_notice, name="register_person"),
    path("register/person/form/", register.register_person_form, name="register_person_form"),
    path("register/supervisors/", register.supervisors, name="supervisors"),
    path("register/employers/", register.unit_options, name="unit_options"),
    path("registration/", registration.registration, name="registration"),
    path("registration/submit/", registration.registration_submit, name="registration_submit"),
    path("registration/withdraw/", registration.registration_withdraw, name="registration_withdraw"),
    path("registration/<int:pk>/edit/", registration.registration_edit, name="registration_edit"),
    path("account/", account.account, name="account"),
    path("account/phone/", phone.phone, name="phone"),
    path("account/password/", account.password, name="password"),
    path("account/security/", security.security, name="security"),
    path("account/security/second-factor/", security.second_factor_set_up, name="second_factor_set_up"),
    path("account/security/second-factor/remove/", security.second_factor_remove, name="second_factor_remove"),
    path("account/security/recovery-codes/", security.recovery_codes, name="recovery_codes"),
    path("account/security/sessions/<int:pk>/end/", security.session_end, name="session_end"),
    path("account/security/sessions/end/", security.sessions_end, name="sessions_end"),
    path("unit/", account.unit_info, name="unit_info"),
    path("messages/", account.message_list, name="messages"),
    path("messages/read/", account.messages_read, name="messages_read"),
    path("full/<int:pk>/<slug:field>/", account.reveal_number, name="reveal"),
]
