"""Triggers: what was published to consumers is never made worse, whoever writes."""

import pgtrigger

FIXED = (
    *("brand_id", "name", "name_en", "terms", "terms_en", "organiser", "draw"),
    *("starts_at", "units", "sealed_key", "commitment", "priority", "open_ended", "narrowed_by"),
    *("person_limit", "person_day_limit", "store_day_limit", "day_budget_fen", "store_budget_fen", "is_tallied"),
)
"""Columns of a campaign that stay as they were published."""
RISING = ("ends_at", "budget_fen", "owner_share_fen", "salesperson_share_fen", "referrer_share_fen")
"""Columns that may only grow: more time, more money."""

WORSE = " OR ".join(
    [f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in FIXED]
    + [f'NEW."{column}" < OLD."{column}"' for column in RISING]
)
PUBLISHED = pgtrigger.Condition("OLD.state NOT IN ('draft', 'review')")

KEEPS_ITS_WORD = pgtrigger.Trigger(
    name="keeps_its_word",
    operation=pgtrigger.Update,
    when=pgtrigger.Before,
    condition=PUBLISHED,
    func=f"""
      IF {WORSE} THEN
        RAISE EXCEPTION 'campaign % was published: nothing of it may get worse', OLD.id
          USING ERRCODE = 'check_violation', CONSTRAINT = 'campaign_keeps_its_word';
      END IF;
      IF NEW.state = 'ended' AND OLD.state <> 'ended' AND NEW.ended_at < OLD.ends_at AND (
          OLD.open_ended OR OLD.units > (
            SELECT count(*) FROM rewards_claim WHERE campaign_id = OLD.id AND state = 'promised')) THEN
        RAISE EXCEPTION 'campaign % has prizes left and may not end before its time', OLD.id
          USING ERRCODE = 'check_violation', CONSTRAINT = 'campaign_not_ended_early';
      END IF;
      RETURN NEW;
    """,  # noqa: S608 - our own column names
)
"""A published campaign's words, draw and start are fixed; its end, budget and shares only grow; it lasts to its end,
unless every item has had its prize; an open-ended one has no last item."""

STAYS = pgtrigger.Protect(name="stays", operation=pgtrigger.Delete, condition=PUBLISHED)

SEALED = pgtrigger.Trigger(
    name="sealed",
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    func="""
      IF EXISTS (SELECT FROM rewards_campaign WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.campaign_id
            ELSE NEW.campaign_id END AND state NOT IN ('draft', 'review') FOR SHARE)
        OR (TG_OP = 'UPDATE' AND EXISTS (
            SELECT FROM rewards_campaign WHERE id = OLD.campaign_id AND state NOT IN ('draft', 'review'))) THEN
        RAISE EXCEPTION 'a published campaign''s % is sealed', TG_TABLE_NAME
          USING ERRCODE = 'check_violation', CONSTRAINT = 'campaign_sealed';
      END IF;
      IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
      RETURN NEW;
    """,
)
"""Rows of a published campaign's table are neither added nor changed nor taken away."""
