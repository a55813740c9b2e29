"""Answers the same questions as askfirst-query, in SQL, on the same Parquet files.

Reads one JSON object on stdin: {"files": [...], "questions": [...]}, and writes the list of answers. Written from the
definitions in the documentation of `question` and `sequence`, not from their code.
"""

import json
import sys

import duckdb

EVENTS = "CREATE TABLE all_rows AS SELECT *, epoch_ms(ts) + skew_s * 1000 AS t, " \
         "(epoch_ms(ts) + skew_s * 1000) // 86400000 AS day FROM read_parquet(?, union_by_name=true)"


def text(value):
    return "'" + value.replace("'", "''") + "'"


def where(question):
    terms = ["true"]
    if question["events"]:
        terms.append("event IN (" + ", ".join(map(text, question["events"])) + ")")
    if question["period"]:
        terms.append("day BETWEEN {} AND {}".format(*question["period"]))
    for column, values in question["filters"]:
        any_of = []
        for kind, value in values:
            any_of.append(f"{column} = {text(value)}")
            if kind == "line":
                any_of.append(f"starts_with({column}, {text(value + '.')})")
        terms.append("(" + " OR ".join(any_of) + ")")
    return " AND ".join(terms)


def bucket(kind):
    if kind is None:
        return "NULL"
    if kind == "day":
        return "day"
    if kind == "week":
        return "day - (day + 3) % 7"
    if kind == "month":
        return "date_diff('day', DATE '1970-01-01', date_trunc('month', DATE '1970-01-01' + day::INTEGER)::DATE)"
    if isinstance(kind, dict):
        sides = "".join(f"WHEN day BETWEEN {first} AND {last} THEN {first} " for first, last in kind.values())
        return f"CASE {sides}ELSE -2147483648 END"
    end, days = kind
    return f"{end} + 1 - {days} * (floor(({end} - day) / {days})::BIGINT + 1)"


def measure(kind, column):
    return {
        "events": "count(*)",
        "sum": f"coalesce(sum({column}::HUGEINT), 0)",
        "present": f"count({column})",
        "absent": f"count(*) - count({column})",
        "zero": f"count(*) FILTER ({column} = 0)",
        "installs": "count(DISTINCT install_id)",
        "median": f"list_sort(list(CASE WHEN {column} > 0 THEN floor(8 * log2({column})) ELSE -1 END) "
                  f"FILTER ({column} IS NOT NULL))",
        "span": "[min(t), max(t)]",
    }[kind]


def shown(kind, value):
    if kind == "median":
        if not value:
            return None
        low = value[-(-len(value) * 50 // 100) - 1]
        return "0" if low < 0 else str(round(2 ** ((low + 0.5) / 8)))
    return str(value) if not isinstance(value, list) else [str(v) for v in value]


def ask(db, question):
    by = [("hex(install_id)" if column == "install" else column) for column in question["by"]]
    keys = by + [bucket(question["bucket"])]
    names = [f"k{i}" for i in range(len(keys))]
    measures = [measure(kind, column) for kind, column in question["measures"]]
    sql = "SELECT {} FROM all_rows WHERE {} GROUP BY {}".format(
        ", ".join([f"{key} AS {name}" for key, name in zip(keys, names)] + measures), where(question), ", ".join(names))
    groups = []
    for row in db.execute(sql).fetchall():
        *texts, day = row[:len(keys)]
        values = [shown(kind, value) for (kind, _), value in zip(question["measures"], row[len(keys):])]
        groups.append({"by": texts, "day": day, "measures": values})
    return groups


def sessions(db, question):
    """By bucket: numbered sessions at their first event, and session events of senders without numbers."""
    cut = bucket(question["bucket"])
    rows = db.execute(f"""
        WITH chosen AS (SELECT * FROM all_rows WHERE {where(question)}),
        begun AS (
            SELECT min(t) // 86400000 AS day FROM chosen WHERE session IS NOT NULL GROUP BY install_id, session
            UNION ALL
            SELECT day FROM chosen WHERE session IS NULL AND event IN ('cli session', 'gui session'))
        SELECT {cut} AS start, count(*) FROM begun GROUP BY start""").fetchall()
    return sorted([day, str(count)] for day, count in rows)


def runs(db, question):
    """Runs begun in the period by the reason of their last exit."""
    first, last = question["period"]
    rows = db.execute(f"""
        WITH steps AS (
            SELECT *, sum((event = 'launched')::INTEGER) OVER (
                PARTITION BY install_id, session
                ORDER BY t, seq NULLS FIRST, event = 'exit' ROWS UNBOUNDED PRECEDING) AS run
            FROM all_rows
            WHERE event IN ('launched', 'exit') AND day >= {first}
              AND (install_id IS NOT NULL OR session IS NOT NULL)),
        followed AS (
            SELECT min(t) FILTER (event = 'launched') AS begun, count(*) FILTER (event = 'exit') AS exits,
                   last(p_reason ORDER BY t, seq NULLS FIRST) FILTER (event = 'exit') AS reason
            FROM steps WHERE run > 0 GROUP BY install_id, session, run
            UNION ALL
            SELECT t, 0, NULL FROM all_rows
            WHERE event = 'launched' AND day >= {first} AND install_id IS NULL AND session IS NULL)
        SELECT exits > 0, reason, count(*) FROM followed WHERE begun // 86400000 <= {last} GROUP BY ALL""").fetchall()
    ended = sorted([reason, str(count)] for exited, reason, count in rows if exited)
    return {"ended": ended, "no_exit": str(sum(count for exited, _, count in rows if not exited))}


def newcomers(db, question):
    """By bucket: active installs, and those whose first event of all lies in that bucket and in the period."""
    cut = bucket(question["bucket"])
    first, _ = question["period"]
    rows = db.execute(f"""
        WITH firsts AS (SELECT install_id, min(t) // 86400000 AS born FROM all_rows GROUP BY install_id),
        chosen AS (SELECT *, {cut} AS start FROM all_rows WHERE {where(question)})
        SELECT start, count(DISTINCT install_id),
               count(DISTINCT install_id) FILTER (born >= start AND born >= {first}), count(*)
        FROM chosen LEFT JOIN firsts USING (install_id) GROUP BY start""").fetchall()
    return sorted([day, *map(str, numbers)] for day, *numbers in rows)


def errors(db, question):
    """Groups by event, class and modules: events now and before, installs now, first and last day of all."""
    first, last = question["now"]
    since, until = question["before"]
    now = f"(WHERE day BETWEEN {first} AND {last})"
    before = f"(WHERE day BETWEEN {since} AND {until})"
    rows = db.execute(f"""
        SELECT event = 'exception', p_error, regexp_replace(p_frames, ':[0-9]+', '', 'g') AS modules,
               count(*) FILTER {now} AS events, count(*) FILTER {before} AS earlier,
               count(DISTINCT install_id) FILTER {now}, min(day), max(day)
        FROM all_rows WHERE event IN ('message_send_exception', 'exception') AND day <= {last}
        GROUP BY ALL HAVING events + earlier > 0""").fetchall()
    return sorted(["crash" if crash else "failed message", kind, *map(str, numbers)]
                  for crash, kind, _, *numbers in rows)


def versions(db, question):
    """Installs by the line of the version they last reported in the period."""
    rows = db.execute(f"""
        WITH said AS (
            SELECT install_id, t, string_split(p_version, '.')::INTEGER[] AS parts
            FROM all_rows WHERE {where(question)} AND p_version IS NOT NULL AND install_id IS NOT NULL),
        newest AS (SELECT max({{'t': t, 'parts': parts}}) AS pair FROM said GROUP BY install_id)
        SELECT concat(pair.parts[1], '.', pair.parts[2]) AS line, count(*) FROM newest GROUP BY line""").fetchall()
    return sorted([line, str(count)] for line, count in rows)


def recorded(db, question):
    """Rows of an event in the period, and how many of them carry each column."""
    counts = ", ".join(f"count({column})" for column in question["columns"])
    return [str(n) for n in db.execute(f"SELECT count(*), {counts} FROM all_rows WHERE {where(question)}").fetchone()]


def delays(db, question):
    """Events that came from senders, by whole hours from happening to arrival, in the steps of the report."""
    rows = db.execute(f"""
        SELECT greatest(received - t // 3600000, 0) AS hours, count(*) FROM all_rows
        WHERE {where(question)} AND consent IN ('agreed', 'unknown') GROUP BY hours""").fetchall()
    limits = [0, 1, 6, 24, 168, 1 << 40]
    steps = zip(limits, limits[1:])
    return [str(sum(n for hours, n in rows if low <= hours < high)) for low, high in steps]


def main():
    asked = json.load(sys.stdin)
    db = duckdb.connect()
    db.execute("SET TimeZone = 'UTC'")
    db.execute(EVENTS, [asked["files"]])
    # a file leaves out a column in which it has nothing
    db.execute("ALTER TABLE all_rows ADD COLUMN IF NOT EXISTS session UBIGINT")
    kinds = {"ask": ask, "sessions": sessions, "runs": runs, "newcomers": newcomers,
             "errors": errors, "versions": versions, "recorded": recorded, "delays": delays}
    json.dump([kinds[question["kind"]](db, question) for question in asked["questions"]], sys.stdout)


main()
