"""The demo's stand-in for a phone: the messages that would have gone out by SMS."""


def latest() -> list[object]:
    return []
