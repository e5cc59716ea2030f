"""Which campaign runs for an item: the rule, as a part of the statements that ask for it."""

RUNNING = """
  SELECT c.id, c.name, c.name_en, c.commitment, c.owner_share_fen, c.salesperson_share_fen, c.referrer_share_fen,
    c.ends_at, cs.first_position + {serial} - lower(cs.serials) AS position
  FROM rewards_campaignspan cs JOIN rewards_campaign c ON c.id = cs.campaign_id
  WHERE cs.serials @> {serial} AND c.brand_id = {brand}
    AND c.state IN ('published', 'running') AND c.starts_at <= %(now)s::timestamptz AND c.ends_at > %(now)s::timestamptz
  ORDER BY c.starts_at DESC, c.id DESC LIMIT 1"""
"""Published, begun, and neither over nor ended by hand; publication lets but one run at a time.

`serial` and `brand` are filled in as SQL; the statement around it has the parameter `now`.
"""
