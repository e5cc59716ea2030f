"""Which campaign runs for an item: the rule, as parts of the statements that ask for it."""

SURE_ENOUGH = 0.5
"""Confidence of the binding from which on a store counts as the one that sold the item."""

MET = """ARRAY(
      SELECT CASE WHEN n.region_id IS NOT NULL THEN 'region' WHEN n.dealer_id IS NOT NULL THEN 'dealer' ELSE 'store' END
      FROM stores_store ps JOIN stores_region pr ON pr.code = ps.region_id
      JOIN rewards_campaigncondition n ON n.campaign_id = c.id
        AND (n.store_id = ps.id OR n.dealer_id = ps.dealer_id OR n.region_id = ANY (pr.lineage))
      WHERE ps.id = {store})"""
"""Kinds of a campaign's conditions that the store of a binding, SQL for its id or NULL, meets."""

TAKING_PART = """
    SELECT cs.campaign_id, cs.first_position + {serial} - lower(cs.serials) AS position
    FROM rewards_campaignspan cs WHERE cs.serials @> {serial}
    UNION ALL
    SELECT n.campaign_id, NULL::bigint FROM rewards_campaigncondition n
    WHERE n.batch_id = {batch} OR n.product_id = (SELECT product_id FROM codes_batch WHERE id = {batch})"""
"""Campaigns by the spans of their orders, and those by product or batch, of which the open-ended are meant."""

RUNNING = f"""
  SELECT c.id, c.name, c.name_en, c.commitment, c.owner_share_fen, c.salesperson_share_fen, c.referrer_share_fen,
    c.ends_at, c.narrowed_by, c.is_tallied, part.position
  FROM ({TAKING_PART}) AS part
  JOIN rewards_campaign c ON c.id = part.campaign_id AND (part.position IS NOT NULL OR c.open_ended)
  WHERE c.brand_id = {{brand}}
    AND c.state IN ('published', 'running') AND c.starts_at <= %(now)s::timestamptz AND c.ends_at > %(now)s::timestamptz
    AND (c.narrowed_by = '{{{{}}}}' OR {{anywhere}} OR c.narrowed_by::text[] <@ {MET})
  ORDER BY c.priority DESC, c.published_at, c.id LIMIT 1"""  # noqa: S608 - parts of our own
"""Published, begun, neither over nor ended by hand, and meant for the store that sold the item; the first of several.

`serial`, `batch`, `brand` and `store` are filled in as SQL, and `anywhere`: whether nobody knows yet which store it
will be. The statement around it has the parameter `now`.
"""
