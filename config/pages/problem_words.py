"""What to do about a refusal, for whoever writes a client: by its code, or else by its HTTP status."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

MEND = _("Mend what `fields` names, then send the request again.")
LOOK = _("Read the thing again: its state has changed, or was another than you thought.")
CHOOSE = _("Choose another one: it must be unique.")
ASK = _("Ask the brand for the right, or use an account that has it.")
STOP = _("Tell the person; there is nothing that the program can do.")
TOMORROW = _("Try the same claim again on the next business day: the item keeps its right.")
LATER = _("Keep the scan and try the same call again later.")

BY_STATUS: dict[int, Text] = {
    400: MEND,
    401: _("Sign in or fetch a new access token, then send the request again."),
    403: ASK,
    404: _("Check the address and the identifiers in it. What belongs to another brand is answered in the same way."),
    405: _("Use one of the methods that the API description names for this address."),
    406: _("Leave out the header Accept, or have it allow what the API description names."),
    409: LOOK,
    413: _("Send it in smaller parts."),
    415: _("Set Content-Type to application/json."),
    422: MEND,
    429: _("Wait as long as Retry-After says, then go on more slowly."),
    500: _("Try again in a while with the same Idempotency-Key. If it stays, tell us the time and the address."),
    503: _("Wait as long as Retry-After says and send the same request with the same Idempotency-Key."),
}

BY_CODE: dict[str, Text] = {
    "not_json": _("Send one JSON document in UTF-8."),
    "idempotent_call_running": _(
        "Wait a second and send the same request with the same key: you get the first answer."
    ),
    "idempotency_key_reused": _(
        "Make a new key for each new request, and keep it for that request's repetitions only."
    ),
    "local_identity_off": _("Use the sign-in that this installation offers; names alone are for trying out."),
    "wechat_sign_in_off": _("Use the sign-in that this installation offers; it has no official account of WeChat."),
    "wechat_sign_in_refused": _("Send the person to WeChat again: a code is good once, and for five minutes."),
    "wechat_away": _("Send the person to WeChat again in a moment: the code may be spent."),
    "alipay_sign_in_off": _("Use the sign-in that this installation offers; it does not pay through Alipay."),
    "alipay_sign_in_refused": _("Send the person to Alipay again: a code is good once, and for a day."),
    "alipay_away": _("Send the person to Alipay again in a moment: the code may be spent."),
    "transfer_waits": _("Read the campaign's transfers: have the waiting one decided or withdrawn first."),
    "four_eyes": _("Let another person or client decide the transfer than the one that asked for it."),
    "not_your_transfer": _("Refuse it with a remark; who asked for it may withdraw it."),
    "second_person_needed": _("Let another person or client review the order than the one that placed it."),
    "order_state": _("Read the order: review, export and activation follow each other, and only once each."),
    "already_activated": _("Leave out the serials that are active already; their state stays as it is."),
    "serials_outside_order": _("Read the order for its first and last serial, and stay between them."),
    "print_file_state": _("Wait until the print file is ready, or ask for a new one."),
    "print_file_missing": _("Ask for the print file once more; the old one has been removed."),
    "downloads_spent": _("Ask the brand for a new print file, with a recipient of its own."),
    "print_file_expired": _("Ask the brand to prolong the file, or to make a new one."),
    "password_apart": _("Let another person or client take the file, or read the password."),
    "no_password": _("Open the file as it is: it is not encrypted."),
    "password_gone": _("Ask the brand for a new print file, with a recipient of its own."),
    "unknown_units": _("Compare the serials with the orders of this brand; first_offending_serial names the first."),
    "wrong_level": _("Items go into cases and cases onto pallets; first_offending_serial names the first wrong one."),
    "already_packed": _("Unpack it first, or take the packing as it is; first_offending_serial names the first."),
    "roll_overlaps": _(
        "Take serials that are on no roll yet, or leave them out; first_offending_serial and roll name the first clash."
    ),
    "not_packed": _("It is out already: go on with the next one."),
    "not_a_case": _("Scan the code on the outside of a case or pallet."),
    "unknown_case": _("Check the code. If it is right, ask the brand whether this case was meant for you."),
    "not_reward_mark": _("Scan the code under the cap: it alone bears an envelope."),
    "not_genuine": STOP,
    "not_activated": STOP,
    "recalled": STOP,
    "voided": STOP,
    "sampled": STOP,
    "frozen": LATER,
    "scan_again": _("Post a new scan of the same code and claim with its id."),
    "opened_by_another": STOP,
    "nothing_to_open": STOP,
    "other_brand": _("Sign in with this brand: brands do not know each other's people."),
    "no_campaign": LATER,
    "not_in_scope": LATER,
    "campaign_not_started": LATER,
    "campaign_ended": STOP,
    "budget_exhausted": _("Try the same claim again later: the item keeps its right, and the brand may top up."),
    "person_limit": STOP,
    **dict.fromkeys(("person_day_limit", "store_day_limit", "day_budget_spent", "day_ceiling"), TOMORROW),
    **dict.fromkeys(("region_budget_spent", "store_budget_spent"), LATER),
    "held": _("Show the moment in `decides_by`, and claim again after it: the answer is there then."),
    "risk": STOP,
    "voucher_unknown": _("Scan the voucher again, or have its twelve letters and digits read out."),
    "voucher_redeemed": _("Do not hand anything over: `redeemed_at` and `store` say when and where it was redeemed."),
    "voucher_lapsed": _("Do not hand anything over: its time was over at `valid_until`."),
    "voucher_cancelled": _("Do not hand anything over: the brand took it back, and its page says why."),
    "other_store_only": _("Send the customer to the store that `store` names."),
    "store_without_owner": _("Have the brand enter the store's owner, then send the same request again."),
    "review_decided": _("Read the held envelope again: somebody has decided it otherwise."),
    "campaign_not_draft": _("End the campaign and draft a new one, or top up its budget: nothing else can be changed."),
    "campaign_not_running": _("Publish the campaign first. One that has ended stays ended."),
    "campaign_already_funded": _("Publish the campaign; once it runs, top up its budget."),
    "nothing_to_confirm": _("Read the envelope: it is paid already, still on its way, or confirmed in another app."),
    "has_account": _("Change the person's account instead of making a second one."),
    "username_taken": CHOOSE,
    "partner_name_taken": CHOOSE,
    "brand_slug_taken": CHOOSE,
    "dealer_number_taken": CHOOSE,
    "staff_number_taken": CHOOSE,
    "store_number_taken": CHOOSE,
    "printer_profile_name_taken": CHOOSE,
    "gtin_taken": CHOOSE,
    "lot_taken": CHOOSE,
}


def advice_for(code: str, status: int) -> Text:
    """What to do about a refusal; that of its class of statuses where the code has none of its own."""
    return BY_CODE.get(code) or BY_STATUS.get(status) or BY_STATUS[status // 100 * 100]
