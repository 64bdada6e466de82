"""The pages of 我的信息: open to everybody about whom something is held, whatever else must be done first."""

from __future__ import annotations

MY_DATA_PAGES = frozenset(
    {
        "accounts:my_data",
        "accounts:my_data_section",
        "accounts:my_data_export",
        "accounts:my_data_looks",
        "accounts:data_correction",
        "accounts:data_deletion",
        "accounts:data_request_take_back",
        "accounts:consent_withdraw",
        # The export is a task.
        "workflow:job",
        "workflow:job_progress",
        "workflow:job_cancel",
        "workflow:job_result",
    }
)
