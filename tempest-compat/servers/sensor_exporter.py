"""Hands notifications that were received from the bus to ironic-prometheus-exporter, as oslo.messaging would: the
exporter writes a file a node, for Prometheus.  Run by a Python that has it:

    python sensor_exporter.py NOTIFICATIONS DIRECTORY

NOTIFICATIONS is what bus_listener.py wrote; of each sender the last message counts.  What the exporter cannot
digest is printed, a line each.
"""
import json
import pathlib
import sys

from ironic_prometheus_exporter import messaging
from oslo_config import cfg


def main():
    source, directory = pathlib.Path(sys.argv[1]), sys.argv[2]
    conf = cfg.ConfigOpts()
    messaging.register_opts(conf)
    conf.set_override("location", directory, group="oslo_messaging_notifications")
    conf([])
    driver = messaging.PrometheusFileDriver(conf, None, None)
    last = {}
    for message in map(json.loads, source.read_text().splitlines()):
        payload = message["payload"]
        last[message["event_type"], payload.get("node_uuid") or payload.get("hostname")] = message
    for (event_type, sender), message in sorted(last.items(), key=str):
        try:
            driver.notify({}, message, message["priority"], 0)
        except Exception as error:      # the exporter raises whatever it stumbles over
            print("%s of %s: %s: %s" % (event_type, sender, type(error).__name__, error))


if __name__ == "__main__":
    main()
