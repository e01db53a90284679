"""Sends requests to a Flow with Jina's client, and prints what came back as JSON."""

import argparse
import json
import signal
import time
from collections import Counter

from docarray import DocList
from jina import Client
from message import Message


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--host', default='127.0.0.1')
    parser.add_argument('--port', type=int, required=True)
    parser.add_argument('--protocol', default='grpc', help='grpc, http or websocket')
    parser.add_argument('--on', default='/', help='the endpoint')
    parser.add_argument('--text', default='x')
    parser.add_argument('--kind', default='')
    parser.add_argument('--requests', type=int, default=1, help='how many, one after the other')
    parser.add_argument('--seconds', type=float, help='go on for so long instead')
    parser.add_argument('--every', type=float, default=0, help='seconds between beginnings')
    parser.add_argument('--timeout', type=float, default=10, help='seconds for one request')
    args = parser.parse_args()

    client = Client(host=args.host, port=args.port, protocol=args.protocol)
    texts, seen, errors, failed = Counter(), Counter(), Counter(), []
    began = time.monotonic()
    number = 0
    # SIGTERM ends it after the current request.
    ended = []
    signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
    while not ended and (
        time.monotonic() - began < args.seconds if args.seconds else number < args.requests
    ):
        number += 1
        sent = time.monotonic()
        document = Message(text=args.text, kind=args.kind)
        try:
            answers = client.post(
                args.on,
                inputs=DocList[Message]([document]),
                return_type=DocList[Message],
                timeout=args.timeout,
            )
            texts.update(answer.text for answer in answers)
            seen.update(place for answer in answers for place in answer.seen)
            if len(answers) == 0:
                texts[''] += 1
        except Exception as error:  # whatever it is, it is an answer that did not come
            failed.append([sent - began, time.monotonic() - began])
            errors[f'{type(error).__name__}: {" ".join(str(error).split())[:300]}'] += 1
        time.sleep(max(0.0, sent + args.every - time.monotonic()))
    report = {
        'requests': number,
        'seconds': time.monotonic() - began,
        'texts': texts,
        'seen': seen,
        'errors': errors,
        'failed': failed,
    }
    print(json.dumps(report))


if __name__ == '__main__':
    main()
