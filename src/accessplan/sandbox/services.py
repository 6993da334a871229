"""Services, the rights each offers, and languages: the fixed tables of the live system.

Six ids are known (hosting, vod, domain, email_hosting, drive, kchat) [openapi core, openapi vod]; the others pair the
documented ids and names of `/1/products` in a way of our own, for the documents sort the two lists apart.
"""

from typing import NamedTuple

SERVICES = {
    1: "hosting",
    2: "dedicated_server",
    3: "housing",
    4: "radio",
    6: "video",
    7: "vod",
    10: "mailing",
    14: "domain",
    15: "certificate",
    18: "e_ticketing",
    23: "email_hosting",
    25: "nas",
    26: "backup",
    29: "jelastic",
    30: "cloud",
    31: "swiss_backup",
    34: "invitation",
    35: "custom_url",
    37: "website_builder",
    40: "drive",
    43: "public_cloud",
    48: "web_hosting",
    50: "cloud_hd",
    52: "ksuite",
    54: "kchat",
    58: "ai_tools",
}
SERVICE_IDS = {name: service_id for service_id, name in SERVICES.items()}

# kChat products exist, but the filter of `/1/products` does not know them [openapi core]
FILTERABLE = {service_id: name for service_id, name in SERVICES.items() if name != "kchat"}

RIGHTS = ("check", "sale", "statistic", "technical")
_OFFERED = {"domain": ("technical",), "e_ticketing": RIGHTS}


def offered(service_id: int) -> tuple[str, ...]:
    """Rights one may hold on products of a service [faq 1610: domain names have no statistics]."""
    return _OFFERED.get(SERVICES[service_id], ("statistic", "technical"))


class Language(NamedTuple):
    """A language a person reads, as `/1/languages` tells it."""

    name: str
    short_name: str
    locale: str

    @property
    def code(self) -> str:
        """The two letters of the organization file."""
        return self.locale[:2]


LANGUAGES = {
    1: Language("French", "F", "fr_FR"),
    2: Language("English", "E", "en_GB"),
    3: Language("German", "D", "de_DE"),
    4: Language("Italian", "I", "it_IT"),
    5: Language("Spanish", "S", "es_ES"),
}
LANGUAGE_IDS = {language.code: language_id for language_id, language in LANGUAGES.items()}
