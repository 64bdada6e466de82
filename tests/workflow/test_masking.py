import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.masking import mask_account, mask_address, mask_name, mask_number, mask_phone


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        (mask_number, "130902199003070015", "130902********0015"),
        (mask_number, "H12345678", "H1*****78"),
        (mask_number, "AB123", "A***3"),
        (mask_number, "", ""),
        (mask_phone, "13800001234", "138****1234"),
        (mask_phone, "0317-1234567", "0317-*****67"),
        (mask_phone, "1234567", "*****67"),
        (mask_account, "6217000010001234569", "***************4569"),
        (mask_name, "张三", "张*"),
        (mask_name, "阿不都·热合曼", "阿*"),
        (mask_name, "", ""),
        (mask_address, "河北省沧州市沧县李天木镇张庄村12号", "河北省沧州市沧县李天木镇****"),
        (mask_address, "河北省沧州市新华区建设北街街道3号楼", "河北省沧州市新华区建设北街街道****"),
        (mask_address, "河北省沧州市孟村回族自治县5号", "河北省沧州市孟村回族自治县****"),
        (mask_address, "幸福小院5号", "幸福****"),
        (mask_address, "", ""),
    ],
)
def test_masks_follow_the_privacy_rules(mask, text, shown):
    assert mask(text) == shown


@given(st.text("0123456789X", min_size=1, max_size=24), st.sampled_from([mask_number, mask_phone, mask_account]))
def test_at_least_half_of_any_short_number_is_hidden(text, mask):
    shown = mask(text)

    assert shown.count("*") * 3 >= len(text)
    assert shown != text
