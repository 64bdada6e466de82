"""What must fit before the portal starts: keys that chains name, what case types promise, what printing needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from workflow import registry
from workflow.chain_specs import StageSpec, chain_specs
from workflow.enums import PERSON
from workflow.scanning import load_scanner
from workflow.typesetting import PACKAGES, has_fast_fonts, why_unavailable


@register()
def check_registries(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [*_check_chains(), *_check_case_types()]


@register()
def check_printing(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The portal starts without them; whoever installs it should know what it cannot do, or does slowly."""
    hint = f"apt-get install --no-install-recommends {PACKAGES}"
    if why_unavailable():
        return [Warning(f"PDF documents cannot be printed: {why_unavailable()}", hint=hint, id="workflow.W001")]
    if not has_fast_fonts():
        slow = "PDF documents take several times as long without libharfbuzz-subset0."
        return [Warning(slow, hint=hint, id="workflow.W002")]
    return []


@register()
def check_scanner(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A name that leads nowhere is told at the start, not with the first upload."""
    try:
        is_usable = not settings.VIRUS_SCANNER or callable(load_scanner(settings.VIRUS_SCANNER))
    except ImportError:
        is_usable = False
    fault = f"VIRUS_SCANNER names {settings.VIRUS_SCANNER!r}, which is no function."
    return [] if is_usable else [Error(fault, id="workflow.E006")]


def _check_chains() -> Iterator[CheckMessage]:
    for spec in chain_specs.values():
        if spec.case_type not in registry.case_types:
            yield Error(f"The chain {spec.case_type!r} belongs to no case type.", id="workflow.E001")
        for number, stage in enumerate(spec.stages):
            place = f"{spec.case_type}.{stage.slug}"
            yield from _check_keys(place, stage)
            earlier = {before.slug for before in spec.stages[:number]} | {PERSON}
            for slug in sorted({*stage.returns_to, *stage.barred} - earlier):
                yield Error(f"{place} names {slug!r}, which is no earlier stage.", id="workflow.E003")


def _check_keys(place: str, stage: StageSpec) -> Iterator[CheckMessage]:
    forms = [stage.form] if stage.form else []
    yield from _unregistered(place, "gate", stage.gates, registry.gates)
    yield from _unregistered(place, "effect", stage.effects, registry.effects)
    yield from _unregistered(place, "form", forms, registry.stage_forms)


def _unregistered(place: str, what: str, keys: Sequence[str], known: object) -> Iterator[CheckMessage]:
    for key in keys:
        if key not in known:  # type: ignore[operator]
            yield Error(f"{place} names the {what} {key!r}, which nothing registers.", id="workflow.E002")


def _check_case_types() -> Iterator[CheckMessage]:
    codes: dict[str, str] = {}
    for case_type in registry.case_types.values():
        if not case_type.columns:
            yield Error(f"The case type {case_type.key!r} has no columns for its lists.", id="workflow.E004")
        if case_type.code in codes:
            other = codes[case_type.code]
            yield Error(f"{case_type.key!r} and {other!r} share the code {case_type.code!r}.", id="workflow.E005")
        codes[case_type.code] = case_type.key
        for keys in case_type.gates.values():
            yield from _unregistered(case_type.key, "gate", keys, registry.gates)
        for keys in case_type.effects.values():
            yield from _unregistered(case_type.key, "effect", keys, registry.effects)
