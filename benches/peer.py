"""DuckDB as the peer of benches/files.rs and benches/size.rs: the same input, the same files.

    peer.py import LOG PARQUET                one JSONL log into one Parquet file
    peer.py reports ROUNDS FROM TO FILE...    the questions of the reports, on segments of the
                                              store, of a period in milliseconds

Prints seconds as JSON. Two threads, as the program has on the machine the figures are from.
"""

import json
import os
import sys
import time

import duckdb

MS = "epoch_ms(ts) + skew_s * 1000"
DAY = f"({MS}) // 86400000"
MESSAGES = "FROM segments WHERE {period} AND event = 'message_send'"

# The main tables of each report; the program's answers hold more (sessions, runs, caveats).
REPORTS = {
    "overview": [
        f"SELECT {DAY} AS day, count(*), count(DISTINCT install_id) FROM segments "
        "WHERE {both} GROUP BY day",
        f"SELECT {DAY} AS day, p_main_model, count(*), sum(p_total_tokens), sum(p_cost) "
        "FROM segments WHERE {both} AND event = 'message_send' GROUP BY day, p_main_model",
    ],
    "activity": [
        f"SELECT {DAY} AS day, count(*), count(DISTINCT install_id) FROM segments "
        "WHERE {period} GROUP BY day"
    ],
    "models": [
        "SELECT p_main_model, count(*), sum(p_prompt_tokens), sum(p_completion_tokens), "
        f"sum(p_cost) {MESSAGES} GROUP BY p_main_model"
    ],
    "edits": [f"SELECT p_edit_format, count(*) {MESSAGES} GROUP BY p_edit_format"],
    "errors": [
        "SELECT event, count(*), count(DISTINCT install_id) FROM segments "
        "WHERE {period} AND event IN ('message_send_exception', 'exception') GROUP BY event"
    ],
    "versions": [
        "SELECT p_version, count(*), count(DISTINCT install_id) FROM segments "
        "WHERE {period} GROUP BY p_version"
    ],
    "commands": [
        "SELECT p_name, count(*), count(DISTINCT install_id) FROM segments "
        "WHERE {period} AND event = 'command' GROUP BY p_name"
    ],
    "exits": [
        "SELECT p_reason, count(*) FROM segments "
        "WHERE {period} AND event = 'exit' GROUP BY p_reason"
    ],
    "quality": [
        "SELECT event, count(*), count(install_id), count(p_version) FROM segments "
        "WHERE {period} GROUP BY event"
    ],
}


def measured(database, rounds, queries):
    """Seconds of each round after the first, and CPU seconds of one."""
    wall = []
    cpu = 0.0
    for _ in range(rounds + 1):
        start, before = time.perf_counter(), sum(os.times()[:2])
        for sql in queries:
            database.execute(sql).fetchall()
        wall.append(time.perf_counter() - start)
        cpu += (sum(os.times()[:2]) - before) if len(wall) > 1 else 0.0
    return {"wall": wall[1:], "cpu": cpu / rounds}


def main(words):
    database = duckdb.connect(config={"threads": 2})
    if words[0] == "import":
        log, out = words[1:]
        sql = (
            f"COPY (SELECT * FROM read_json('{log}', format = 'newline_delimited')) "
            f"TO '{out}' (FORMAT parquet, COMPRESSION zstd)"
        )
        start = time.perf_counter()
        database.execute(sql).fetchall()
        print(json.dumps(time.perf_counter() - start))
    elif words[0] == "reports":
        rounds, start, end, files = int(words[1]), int(words[2]), int(words[3]), words[4:]
        database.execute(
            "CREATE VIEW segments AS SELECT * FROM "
            f"read_parquet({files!r}, union_by_name = true)"
        )
        if start == 0:  # all time: nothing to leave out
            periods = {"period": "true", "both": "true"}
        else:
            twice = start - (end - start)
            periods = {
                "period": f"{MS} >= {start} AND {MS} < {end}",
                "both": f"{MS} >= {twice} AND {MS} < {end}",
            }
        print(
            json.dumps(
                {
                    name: measured(database, rounds, [sql.format(**periods) for sql in queries])
                    for name, queries in REPORTS.items()
                }
            )
        )
    else:
        sys.exit(__doc__)


main(sys.argv[1:])
