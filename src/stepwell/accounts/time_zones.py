"""The time zones that people choose from: each place once, by its name of today."""

import zoneinfo
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext_lazy

REGIONS = {
    "Africa": gettext_lazy("Africa"),
    "America": gettext_lazy("America"),
    "Antarctica": gettext_lazy("Antarctica"),
    "Arctic": gettext_lazy("Arctic"),
    "Asia": gettext_lazy("Asia"),
    "Atlantic": gettext_lazy("Atlantic"),
    "Australia": gettext_lazy("Australia"),
    "Europe": gettext_lazy("Europe"),
    "Indian": gettext_lazy("Indian Ocean"),
    "Pacific": gettext_lazy("Pacific"),
}
# Browsers go on using these names, which the time zone database has replaced.
FORMER = {
    "Africa/Asmera": "Africa/Asmara",
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Catamarca": "America/Argentina/Catamarca",
    "America/Coral_Harbour": "America/Atikokan",
    "America/Cordoba": "America/Argentina/Cordoba",
    "America/Godthab": "America/Nuuk",
    "America/Indianapolis": "America/Indiana/Indianapolis",
    "America/Jujuy": "America/Argentina/Jujuy",
    "America/Louisville": "America/Kentucky/Louisville",
    "America/Mendoza": "America/Argentina/Mendoza",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "Atlantic/Faeroe": "Atlantic/Faroe",
    "Europe/Kiev": "Europe/Kyiv",
    "Pacific/Enderbury": "Pacific/Kanton",
    "Pacific/Ponape": "Pacific/Pohnpei",
    "Pacific/Truk": "Pacific/Chuuk",
}
UTC_NAMES = {"UTC", "GMT", "Etc/UTC", "Etc/GMT", "Etc/UCT", "Zulu"}


@lru_cache(maxsize=1)
def places() -> frozenset[str]:
    """Return the zones that are places, such as Europe/Berlin.

    They are those of `zone.tab`, in which the time zone database lists them by country. Where a
    system comes without it, a few former names are among them.
    """
    known = zoneinfo.available_timezones()
    for folder in zoneinfo.TZPATH:
        table = Path(folder, "zone.tab")
        if table.is_file():
            lines = table.read_text(encoding="utf-8").splitlines()
            names = (line.split("\t")[2] for line in lines if line and not line.startswith("#"))
            return frozenset(known.intersection(names))
    return frozenset(
        name for name in known - FORMER.keys() if name.partition("/")[0] in REGIONS and "/" in name
    )


def zone_of_browser(name: str) -> str:
    """Return the zone that a browser names, "" for none that people could choose here."""
    zone = "UTC" if name in UTC_NAMES else FORMER.get(name, name)
    return zone if zone == "UTC" or zone in places() else ""


def zone_choices(current: str) -> list[tuple[str, str | list[tuple[str, str]]]]:
    """Return the choices of a select: UTC, and the places by region.

    A `current` zone that is none of them, such as one stored long ago, can be kept.
    """
    alone = ["UTC"] if current == "UTC" or current in places() else [current, "UTC"]
    groups: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for zone in sorted(places()):
        region, _slash, place = zone.partition("/")
        groups[region].append((zone, place.replace("_", " ").replace("/", ", ")))
    named = [(str(REGIONS[region]), zones) for region, zones in groups.items() if zones]
    return [*((zone, zone) for zone in alone), *sorted(named)]
