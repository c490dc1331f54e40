"""The queries of `history.md` on object storage: an S3 server of moto, and DuckDB with httpfs.

In an environment of its own, because httpfs from PyPI is of one version of DuckDB:

    pip install duckdb==1.5.5 duckdb-extension-httpfs==1.5.5 duckdb-extensions awscli "moto[server]"
    python docs/history_on_s3.py FOLDER          # that litmus history --parquet FOLDER wrote
"""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import duckdb
from duckdb_extensions import import_extension
from moto.server import ThreadedMotoServer

PAGE = Path(__file__).with_name("history.md").read_text(encoding="utf-8")
BUCKET = "s3://our-bucket/history"


def main(folder: Path) -> int:
    """Copy the folder into a bucket, and ask both the same; 0 where they answer the same."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        _fill(folder, f"http://{host}:{port}")
        with duckdb.connect() as here, duckdb.connect() as there:
            import_extension("httpfs")
            there.execute("LOAD httpfs")
            there.execute(
                "CREATE SECRET (TYPE s3, KEY_ID 'key', SECRET 'secret', REGION 'us-east-1', "
                f"ENDPOINT '{host}:{port}', URL_STYLE 'path', USE_SSL false)"
            )
            local, stored = _answers(here, folder.as_posix()), _answers(there, BUCKET)
    finally:
        server.stop()
    for rows in stored:
        sys.stdout.write("".join(f"{row}\n" for row in rows) + "\n")
    sys.stdout.write("the same as of the folder\n" if local == stored else "not as of the folder\n")
    return int(local != stored)


def _fill(folder: Path, endpoint: str) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    os.environ.update(keys, AWS_DEFAULT_REGION="us-east-1")
    boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket="our-bucket")
    command = [sys.executable, "-m", "awscli", "s3", "sync", str(folder), BUCKET]
    subprocess.run([*command, "--endpoint-url", endpoint, "--quiet"], check=True)  # noqa: S603


def _answers(connection: Any, folder: str) -> list[list[Any]]:
    """The rows of each query of the page."""
    blocks = re.findall(r"```sql\n(.*?)```", PAGE.replace("'history/", f"'{folder}/"), re.DOTALL)
    return [connection.execute(block).fetchall() for block in blocks][1:]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
