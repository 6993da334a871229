"""What the documents leave open, and what the sandbox chose. The one list of it: a client must read the others too."""

from typing import NamedTuple

from accessplan.sandbox.apps import shapes as apps
from accessplan.sandbox.mail import shapes as mail


class Choice(NamedTuple):
    """One open point."""

    name: str
    choice: str
    why: str


CHOICES = (
    # the users list
    Choice("users: data", "a list", "clients get one; the document says one object [admin-mcp]"),
    Choice("users: who", "active users, then pending invitations, expired too", "pending people have no other list"),
    Choice("users: state_in_account", "valid, pending", "the values of the documented filter"),
    Choice("users: external", "role_type external", "no enum has it; the field is a plain string"),
    Choice("users: last_login_at", "0 for never", "the document has no null there"),
    Choice("users: has_billing_access", "true for those who govern", "they have it by role [faq 1440]"),
    Choice("users: is_correspondent, is_correspondent_billing", "product events, billing reminders", "by their names"),
    Choice("users: unique_key", "kind and id, such as user-1001", "opaque"),
    Choice("users: with", "the names of `api/users.py`", "the properties that are not required"),
    Choice("users: with=teams", "a list of {id, name, color_id, created_at, updated_at}", "as on invitations"),
    Choice("users: with=permissions", "{service and product id and name, rights: [names]}", "a row a product"),
    Choice("users: with=service_permissions", "{service id and name, rights: one name}", "a row a right, as on teams"),
    Choice("users: permissions", "own grants only, none by teams or role", "the plainest reading"),
    Choice("users: with=invitation_details", "the invitation object, or null", "its name, and nullable"),
    Choice("users: with=security", "{otp, double_auth}, null when pending", "words of `/2/profile`"),
    Choice("users: with=app_access, drive_infos, kchat_infos", "empty", "shapes unknown"),
    Choice("users: filter[invitation_status]", "invitations of that status only", "else no list shows those answered"),
    Choice("users: state_in_account of those invitations", "pending, whatever became of them", "it has two values"),
    # the account, and its partners
    Choice("account: type", "external for an external user", "as role_type on users"),
    Choice("account: in_partnership_*, partner_id", "once the partner accepted", "before, nothing is shared"),
    Choice("account: partner_id", "of who has full access, else the first; 0 for none", "one number, never null"),
    Choice("account: has_customer_paiement_method", "false where a partner has the wallet", "true: the client pays"),
    Choice("products: is_managed_by_partner", "an accepted partner has full access, or a right there", "its name"),
    Choice(
        "partners: a name", "compared as addresses are; one who rejected may be added anew", "no other key is known"
    ),
    Choice("partners: the list of products", "replaces; limited access needs one at least", "the Manager ticks them"),
    Choice("partners: edited before they accept", "allowed", "the help pages do not say"),
    Choice("partners: full access becomes limited", "the wallet goes back to the organization", "it needs full access"),
    Choice("partners: stopped before they accept", "the invitation is deleted", "the Manager can do that [seed 002]"),
    Choice("partners: who acts", "a legal representative, for each step", "said of authorising [faq 2669]"),
    # products and services
    Choice(
        "products: with=users", "rights on that product alone, of active users", "else it would repeat the users list"
    ),
    Choice("products: other account_id", "404 object_not_found", "the documented code for what one may not see"),
    Choice("products: with=admin", "the first legal representative", "whoever ordered it is not known"),
    Choice("products: fqdn", "the customer name", "the organization file has no other"),
    Choice("products: order_by", "id, customer_name, internal_name, service_id, created_at, expired_at", "not listed"),
    Choice("services: list", "every service, with a count of 0 too", "clients look up ids there"),
    Choice("services: ids", "six known, the others paired by us", "the two documented lists are sorted apart"),
    Choice(
        "services: rights", "technical of domain, all four of e_ticketing, else statistic and technical", "[faq 1610]"
    ),
    Choice("tags", "{id, name, color, product_count}", "as on products; the document says a string"),
    # teams
    Choice("teams: permissions", "rights on whole services only, a row a right", "`rights` is one value there"),
    Choice("teams: a service is listed", "every right it offers is given", "the API chooses no rights"),
    Choice("teams: PATCH permissions.services", "replaces; what stays keeps its rights", "set by hand, they stay"),
    Choice("teams: a service is dropped", "its rights on single products go too", "the service is gone for the team"),
    Choice("teams: a name that stands", "409 object_already_exists", "the documented code for it elsewhere"),
    Choice("teams: color_id", "always 1", "colours are set in the Manager"),
    Choice("teams: product_by_service_count", "not offered", "typed as one number, which cannot be"),
    Choice("teams: with=owned_by, created_by", "null where there is nobody", "owned_by_id is null then too"),
    Choice("teams: members who are no users", "422 validation_rule_exists", "the rule's usual name"),
    Choice("teams: removing who is no member", "success", "what was asked holds"),
    # invitations
    Choice("invitations: lifetime", "30 days", "that of drive invitations [faq 2364]"),
    Choice("invitations: external", "role_type external", "their enum has no word for it; as on users"),
    Choice("invitations: PATCH team_ids, permissions", "replace", "a PATCH of a list"),
    Choice("invitations: permissions[]", "a product_id, or apply_to_all without one; else 422", "the Manager has both"),
    Choice("invitations: an address known already", "409 object_already_exists", "the documented code elsewhere"),
    Choice("invitations: PATCH, DELETE once answered", "404 object_not_found", "there is no pending one"),
    Choice("invitations: silent", "sent_at is null", "no mail was sent"),
    Choice("invitations: permissions, service_permissions", "as on users", "untyped lists"),
    Choice("invitations: an owner, by an administrator", "403 access_denied", "the Manager refuses it [faq 1404]"),
    Choice("invitations: rejected after they expired", "not possible, as accepting", "the link is dead"),
    Choice("manager: the billing right of those who govern", "cannot be changed", "they have it by role [faq 1440]"),
    *(Choice(*each) for each in (*mail.CHOICES, *apps.CHOICES)),
    # the caller, transport
    Choice(
        "profile: preferences", "always there, with account, language, security", "required names that fit nowhere else"
    ),
    Choice("reads", "open to every user, products only with a right", "403 is documented for teams, not when"),
    Choice("a token whose user is gone", "401 not_authorized", "a token acts as its owner"),
    Choice("page without per_page", "15 a page", "the example of the documents"),
    Choice("per_page above 100", "cut to 100, items_per_page tells", "no maximum is documented"),
    Choice("return=total", "data is the number", "undocumented"),
    Choice("unknown filter or order", "422 validation_rule_in", "as for with"),
    Choice("unknown field of a body", "ignored", "as most servers do"),
    Choice("7.0 in a body", "read as 7", "JSON has one kind of numbers"),
    Choice("no body", "an empty object", "the portal wants one; clients forget"),
    Choice("invalid JSON", "422 validation_rule_json", "undocumented"),
    Choice("a known path, another method", "404 method_not_found", "405 is nowhere documented"),
    Choice("429", "code too_many_requests, with Retry-After", "its body is unknown"),
)
