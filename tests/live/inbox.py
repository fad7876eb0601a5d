"""The newest message of a sandbox's tenant: what `--inbox` runs in the tests."""

import http.client
import json
import os
import sys
from urllib.parse import urlsplit

number = os.environ["VERIFY_HARNESS_NUMBER"]
outbox = urlsplit(sys.argv[1])
connection = http.client.HTTPConnection(outbox.netloc, timeout=10)
connection.request("GET", outbox.path)
messages = json.load(connection.getresponse())["messages"]
own = [message["code"] for message in messages if message["to"] == number]
if any(name.startswith("TELNYX_") for name in os.environ):
    sys.exit("a key reached the inbox")
sys.stdout.write(f"4 hours left. Your code: {own[-1]}. 2026" if own else "")
