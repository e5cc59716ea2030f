"""The way up from a unit: the cases and pallets that it is in or was in, in SQL to be built upon."""


def parents_of(unit: str) -> str:
    """What a unit (an SQL expression) is or was in: parent_serial, and unpacked_at, NULL where it still is.

    Two look-ups by index: two indexes, since one of them is that of the constraint on present packings.
    """
    columns = "SELECT parent_serial, unpacked_at FROM codes_packing WHERE children @>"
    return f"({columns} {unit} AND unpacked_at IS NULL UNION ALL {columns} {unit} AND unpacked_at IS NOT NULL)"


WAY = f"""
    way AS (
        SELECT u.serial AS unit, u.serial, 0 AS depth, u.until, true AS present
        FROM unnest(%(serials)s::bigint[], %(moments)s::timestamptz[]) AS u(serial, until)
        UNION
        SELECT way.unit, p.parent_serial, way.depth + 1, least(way.until, p.unpacked_at),
               way.present AND p.unpacked_at IS NULL
        FROM way CROSS JOIN LATERAL {parents_of("way.serial")} p
        WHERE way.depth < 2
    )
"""  # noqa: S608 - joined from constant texts
"""Columns: unit (asked about); serial and depth of itself (0) or of what it is or was in (1, 2); until: the last moment
at which that held, NULL where it still does; present: whether it is in there now. Parameters: serials, and for each the
moment up to which is asked (NULL: no limit).

Movements of a parent count for what is in it now even when they came before the packing was reported: where the case
is, there its items are, and packing lists do come late. After an unpacking the parent's later movements do not count.
"""
