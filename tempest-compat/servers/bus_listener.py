"""Listens to notifications with oslo.messaging, as any consumer of Ironic's does, and writes a JSON
line for each to a file.  Run by a Python that has oslo.messaging:

    python bus_listener.py URL EXCHANGE FILE TOPIC...
"""
import json
import sys
import threading

import oslo_messaging
from oslo_config import cfg


class Endpoint:
    def __init__(self, out):
        self._out, self._lock = out, threading.Lock()

    def _write(self, priority, context, publisher, event_type, payload, metadata):
        with self._lock:
            self._out.write(json.dumps({
                "priority": priority, "context": context, "publisher": publisher, "event_type": event_type,
                "payload": payload, "metadata": metadata}) + "\n")
            self._out.flush()
        return oslo_messaging.NotificationResult.HANDLED

    def info(self, *args):
        return self._write("INFO", *args)

    def error(self, *args):
        return self._write("ERROR", *args)


def main():
    url, exchange, path, topics = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    conf = cfg.ConfigOpts()
    conf([])
    transport = oslo_messaging.get_notification_transport(conf, url=url)
    targets = [oslo_messaging.Target(exchange=exchange, topic=topic) for topic in topics]
    with open(path, "a", encoding="utf-8") as out:
        listener = oslo_messaging.get_notification_listener(transport, targets, [Endpoint(out)], executor="threading")
        listener.start()
        print("listening", flush=True)
        listener.wait()


if __name__ == "__main__":
    main()
