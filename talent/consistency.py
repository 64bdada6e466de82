"""What cards, their numbers, prints and summary tables must agree on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflow.consistency.checks import sql_check

sql_check(
    "card.issued",
    _("Whoever all offices have approved has one card, and nobody else has one"),
    """
    SELECT COALESCE(NULLIF(c.number, ''), '#' || c.id), count(k.id) || ' ' || c.state || ' ' || c.stage,
           CASE WHEN c.state = 'approved' OR c.stage = 'print' THEN 1 ELSE 0 END
    FROM workflow_case c LEFT JOIN talent_card k ON k.case_id = c.id
    WHERE c.case_type = 'bohai_card'
    GROUP BY c.id, c.number, c.state, c.stage
    HAVING count(k.id) <> CASE WHEN c.state = 'approved' OR c.stage = 'print' THEN 1 ELSE 0 END
    """,
)
sql_check(
    "card.numbers",
    _("Card numbers run without gaps and doubles"),
    # Prefix, type and year, then five digits.
    """
    SELECT prefix, sum(given), sum(used) || ' (' || sum(last) || ')'
    FROM (
        SELECT prefix, last AS given, 0 AS used, 0 AS last FROM workflow_numbercounter WHERE prefix LIKE 'card/%'
        UNION ALL
        SELECT 'card/' || substr(number, 1, length(number) - 5), 0, count(*),
               max(CAST(substr(number, length(number) - 4) AS integer))
        FROM talent_card GROUP BY substr(number, 1, length(number) - 5)
    ) x
    GROUP BY prefix HAVING sum(given) <> sum(used) OR sum(given) <> sum(last)
    """,
)
sql_check(
    "card.prints",
    _("The prints of every edition are counted from one, and of no edition that was not issued"),
    """
    SELECT k.number, 'edition ' || p.edition || ': ' || max(p.copy), count(*) || ' of ' || k.edition
    FROM talent_cardprint p JOIN talent_card k ON k.id = p.card_id
    GROUP BY k.id, k.number, k.edition, p.edition
    HAVING max(p.copy) <> count(*) OR p.edition > k.edition
    """,
)
sql_check(
    "card.summaries",
    _("A sealed summary table covers only persons who stand on it, and none once it was returned"),
    """
    SELECT b.number, COALESCE(NULLIF(c.number, ''), '#' || c.id),
           CASE WHEN s.returned_at IS NULL THEN 'on another' ELSE 'returned' END
    FROM talent_summarymember m
    JOIN talent_summaryscan s ON s.id = m.scan_id
    JOIN talent_summarybatch b ON b.id = s.batch_id
    JOIN workflow_case c ON c.id = m.case_id
    WHERE s.batch_id <> m.batch_id OR s.returned_at IS NOT NULL
    """,
)
