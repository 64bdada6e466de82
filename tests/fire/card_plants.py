"""The planted faults of the cards' checks."""

from talent.models import Card, CardPrint, SummaryScan
from talent.services.card_prints import make_run
from talent.services.issuing import issue_cards
from talent.services.summary import upload_summary
from tests.fire.busy import Busy
from tests.fire.plants import PLANTS, TOGETHER, plant
from tests.talent.cards import city_officer
from tests.talent.summaries import make_firm, scan
from tests.workflow.factories import acting
from workflow import clock
from workflow.models import NumberCounter

__all__ = ["PLANTS", "TOGETHER"]

# Only a card that nobody has approved can be made here without walking through all offices.
TOGETHER["card.prints"] = {"card.issued", "card.prints"}


def _forged_card() -> Card:
    case = make_firm().applicant()
    (card,) = issue_cards([case], acting(city_officer().duties.get()), at=clock.now())
    return card


@plant("card.issued")
def _(_busy: Busy) -> str:
    return _forged_card().case.number


@plant("card.numbers")
def _(_busy: Busy) -> str:
    return NumberCounter.objects.create(prefix="card/BHYCC2026", last=3).prefix


@plant("card.prints")
def _(_busy: Busy) -> str:
    card = _forged_card()
    run = make_run([card], acting(city_officer().duties.get()), at=clock.now(), token=card.case.token)
    CardPrint.objects.filter(run=run).update(copy=2)
    return card.number


@plant("card.summaries")
def _(_busy: Busy) -> str:
    firm = make_firm()
    batch = firm.table(firm.approved())
    upload_summary(batch, upload=scan(), actor=firm.handler)
    SummaryScan.objects.filter(batch=batch).update(
        returned_at=clock.now(), returned_by=firm.specialist.user, reason="印章不清晰"
    )
    return batch.number
