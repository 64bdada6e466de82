"""The closed vocabularies of talent beside the national code lists."""

# 用工形式: full-time, as the code list of workflow has it.
FULL_TIME = "1"
# 劳动合同类型.
FIXED_TERM, OPEN_ENDED = "1", "2"
