"""Which groups of staff there are, and what each may do: rights of django.contrib.auth as "app.codename"."""

from django.utils.translation import gettext_noop


def may(deed: str, *things: str) -> list[str]:
    """The rights for one deed (view, add, change) on things named "app.model"."""
    return [f"{app}.{deed}_{model}" for app, model in (thing.split(".") for thing in things)]


PLACES = ("stores.dealer", "stores.store", "stores.salesperson", "stores.storeowner", "stores.warehouseworker")
GOODS = ("codes.product", "codes.batch", "codes.productlink", "codes.printerprofile")
HISTORIES = (
    "codes.span",
    "codes.packing",
    "codes.movement",
    "codes.movementline",
    "codes.movementexception",
    "codes.exceptionline",
    "codes.movementsolution",
    "codes.download",
    "codes.passwordreveal",
    "codes.roll",
    "codes.rolluse",
)
EPCIS = (
    "codes.capturejob",
    "codes.epcisevent",
    "codes.epciseffect",
    "codes.namedquery",
    "codes.subscription",
)
MONEY = ("rewards.campaign", "rewards.prize")
# What a finance officer works with beside the books themselves.
OFFICE = (
    "rewards.transfer",
    "rewards.closing",
    "rewards.reconciliation",
    "rewards.askedcomparison",
    "rewards.billdifference",
    "rewards.differenceremark",
)
BOOKS = (
    *("rewards.claim", "rewards.grant", "rewards.payout", "rewards.payoutstep", "rewards.account", "rewards.posting"),
    "rewards.voucher",
)

RISK = ("rewards.riskreview", "rewards.riskjudgement", "rewards.riskrule")
CASES = ("codes.marketcase", "codes.caseevidence", "codes.caseremark", "codes.caserule")

BRAND_MANAGER = [
    *may("view", "stores.brand", "stores.region", "stores.visit", "stores.partnerclient", "stores.user"),
    *may("view", "core.auditentry", "consumers.consumer", "codes.codeorder", "codes.printfile"),
    *may("view", *PLACES, *GOODS, *HISTORIES, *EPCIS, *CASES, *MONEY, *BOOKS, *RISK, "rewards.transfer"),
    *may("add", *PLACES, *GOODS, *MONEY, "codes.codeorder", "codes.packing", "codes.movement", "rewards.transfer"),
    *may(
        "change",
        *PLACES,
        *GOODS,
        *MONEY,
        "codes.codeorder",
        "codes.printfile",
        "codes.span",
        "codes.packing",
        "codes.roll",
        "codes.marketcase",
    ),
    *may("delete", "rewards.prize", "codes.productlink"),
    "codes.solve_movementexception",
    *("codes.release_codeorder", "codes.export_codeorder", "codes.activate_codeorder", "rewards.cancel_voucher"),
]
FINANCE_OFFICER = [
    *may("view", "stores.region", "stores.store", "stores.storeowner", "stores.dealer", "core.auditentry"),
    *may("view", *MONEY, *BOOKS, *OFFICE),
    *may("add", "rewards.transfer", "rewards.closing", "rewards.reconciliation", "rewards.differenceremark"),
    *may("change", "rewards.campaign", "rewards.payout"),
    "rewards.approve_transfer",
    "rewards.review_campaign",  # the brand manager drafts and submits: a second person publishes
]
RISK_ANALYST = [
    *may("view", *RISK, *CASES, *MONEY, "rewards.claim", "rewards.grant", "rewards.voucher", "codes.scan"),
    *may("view", "codes.opening"),
    *may("view", "codes.binding", "stores.region", "stores.store", "stores.storeowner", "core.auditentry"),
    *("rewards.decide_riskreview", "rewards.cancel_voucher"),
]
CODE_REVIEWER = [
    *may("view", *GOODS, "codes.codeorder", "codes.printfile", *HISTORIES),
    *may("change", "codes.codeorder"),
    "codes.review_codeorder",
    "codes.reveal_printfile",  # who takes files away, the brand manager, does not see their passwords
]

GROUPS = {
    gettext_noop("Brand manager"): BRAND_MANAGER,
    gettext_noop("Finance officer"): FINANCE_OFFICER,
    gettext_noop("Code reviewer"): CODE_REVIEWER,
    gettext_noop("Risk analyst"): RISK_ANALYST,
}
