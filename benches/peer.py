"""DuckDB as the peer of benches/files.rs: the same input, the same files.

    peer.py import LOG PARQUET           one JSONL log into one Parquet file
    peer.py reports ROUNDS FILE...       the questions of the reports, on segments of the store

Prints seconds as JSON. Two threads, as the program has on the machine the figures are from.
"""

import json
import sys
import time

import duckdb

MESSAGES = "FROM segments WHERE event = 'message_send'"
DAY = "epoch_ms(ts) // 86400000"

# The table of each report; the program's answers hold more (sessions, runs, caveats).
REPORTS = {
    "activity": f"SELECT {DAY} AS day, count(*), count(DISTINCT install_id) FROM segments GROUP BY day",
    "models": "SELECT p_main_model, count(*), sum(p_prompt_tokens), sum(p_completion_tokens), "
    f"sum(p_cost) {MESSAGES} GROUP BY p_main_model",
    "edits": f"SELECT p_edit_format, count(*) {MESSAGES} GROUP BY p_edit_format",
    "commands": "SELECT p_name, count(*), count(DISTINCT install_id) FROM segments "
    "WHERE event = 'command' GROUP BY p_name",
    "exits": "SELECT p_reason, count(*) FROM segments WHERE event = 'exit' GROUP BY p_reason",
}


def seconds(database, sql):
    start = time.perf_counter()
    database.execute(sql).fetchall()
    return time.perf_counter() - start


def main(words):
    database = duckdb.connect(config={"threads": 2})
    if words[0] == "import":
        log, out = words[1:]
        sql = (
            f"COPY (SELECT * FROM read_json('{log}', format = 'newline_delimited')) "
            f"TO '{out}' (FORMAT parquet, COMPRESSION zstd)"
        )
        print(json.dumps(seconds(database, sql)))
    elif words[0] == "reports":
        rounds, files = int(words[1]), words[2:]
        database.execute(
            "CREATE VIEW segments AS SELECT * FROM "
            f"read_parquet({files!r}, union_by_name = true)"
        )
        print(
            json.dumps(
                {
                    name: [seconds(database, sql) for _ in range(rounds + 1)][1:]
                    for name, sql in REPORTS.items()
                }
            )
        )
    else:
        sys.exit(__doc__)


main(sys.argv[1:])
