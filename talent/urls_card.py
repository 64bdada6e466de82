"""渤海英才卡 after it is issued: the holder's own, the public verification, and the office that keeps the cards."""

from django.urls import path

from talent.views import card_desk, card_runs, card_verify, cards

urlpatterns = [
    path("cards/", cards.cards, name="cards"),
    path("cards/verify/", card_verify.card_verify_start, name="card_verify_start"),
    path("cards/verify/<str:code>/", card_verify.card_verify, name="card_verify"),
    path("cards/own/<str:number>/lost/", cards.card_lost, name="card_lost"),
    path("cards/own/<str:number>/found/", cards.card_found, name="card_found"),
    path("cards/own/<str:number>/card.pdf", cards.card_pdf, name="card_pdf"),
    path("cards/own/<str:number>/card.jpg", cards.card_image, name="card_image"),
    path("cards/manage/", card_desk.cards_manage, name="cards_manage"),
    path("cards/manage/export/", card_desk.cards_export, name="cards_export"),
    path("cards/manage/print/", card_runs.cards_print_again, name="cards_print_again"),
    path("cards/manage/<int:pk>/", card_desk.card_manage, name="card_manage"),
    path("cards/manage/<int:pk>/hand-out/", card_desk.card_hand_out, name="card_hand_out"),
    path("cards/manage/<int:pk>/<slug:deed>/", card_desk.card_decide, name="card_decide"),
    path("cards/runs/", card_runs.print_runs, name="print_runs"),
    path("cards/runs/<uuid:token>/", card_runs.print_run, name="print_run"),
    path("cards/runs/<uuid:token>/print/", card_runs.print_run_pdf, name="print_run_pdf"),
    path("cards/runs/<uuid:token>/register/", card_runs.print_run_register, name="print_run_register"),
]
