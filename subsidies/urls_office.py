"""Pages of the employers and offices, and the applicant's side of the money."""

from django.urls import path

from subsidies.views import bank, batches, ledger, payouts, statistics, stops

office_urls = [
    path("statistics/applications/", statistics.statistics, name="statistics"),
    path("statistics/applications/export/", statistics.export_statistics, name="export_statistics"),
    path("statistics/payments/", statistics.payments, name="payments"),
    path("statistics/payments/export/", statistics.export_payments, name="export_payments"),
    path("batches/", batches.batches, name="batches"),
    path("batches/<int:pk>/", batches.batch, name="batch"),
    path("batches/<int:pk>/members/", batches.batch_members, name="batch_members"),
    path("batches/<int:pk>/summary/", batches.batch_summary, name="batch_summary"),
    path("batches/<int:pk>/print/", batches.batch_print, name="batch_print"),
    path("batches/<int:pk>/payout/", batches.batch_payout, name="batch_payout"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/<int:pk>/bounce/", ledger.bounce, name="bounce"),
    path("ledger/<int:pk>/arrival/", ledger.arrival, name="arrival"),
    path("ledger/bounces/<int:pk>/again/", ledger.pay_again, name="pay_again"),
    path("ledger/bank/template/", bank.bank_template, name="bank_template"),
    path("ledger/bank/results/", bank.bank_results, name="bank_results"),
    path("ledger/bank/<uuid:token>/", bank.bank_file, name="bank_file"),
    path("ledger/bank/<uuid:token>/original/", bank.bank_original, name="bank_original"),
    path("ledger/bank/<uuid:token>/failed/", bank.bank_failed, name="bank_failed"),
    path("ledger/payout-list/", ledger.payout_list, name="payout_list"),
    path("stops/", stops.stops, name="stops"),
    path("stops/<int:pk>/lift/", stops.lift, name="stop_lift"),
    path("my-payments/", payouts.my_payments, name="my_payments"),
    path("my-payments/bounces/<int:pk>/", payouts.correct_account, name="correct_account"),
]
