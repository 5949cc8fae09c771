"""The suites, in the order in which a full run takes them: the quick and telling ones first."""

SUITES = {
    "fmt-lint": "cargo fmt and clippy have nothing to say",
    "unit": "cargo test --workspace",
    "bmc": "the IPMI and Redfish clients on ipmi_sim and sushy-emulator, our test BMC under ipmitool",
    "cli": "the openstack client drives an IPMI and a Redfish machine from registration to deletion",
    "redfish": "Redfish machines of every make through the API: power, media, BIOS, volumes, firmware, iBMC",
    "console": "serial consoles over IPMI and Redfish: TCP, TLS, a real Chromium, recordings, kill -9",
    "contract": "the recorded answers of Ironic 39.0.0, all in one process on SQLite",
    "rejected": "a rejected request leaves nothing behind in the database",
    "differential": "the real Ironic and our server side by side, asked what was never recorded",
    "commands": "the executable under Ironic's program names; the database tool on three kinds of database",
    "database": "store tests on PostgreSQL and MariaDB; existing databases of three kinds are served",
    "subcommands": "every subcommand of `openstack baremetal`",
    "sdk": "openstacksdk's own functional tests for bare metal",
    "interop": "a real Python conductor behind our API, a real Python API before our conductor",
    "cluster": "an API and two conductors over RabbitMQ and MariaDB",
    "notifications": "every event recorded from Ironic comes over RabbitMQ to a consumer of Ironic's",
    "keystone": "who gets in and who sees what with a real Keystone",
    "faults": "kill -9, a second process, garbage on the wire",
    "openapi": "the OpenAPI document is current, and the server keeps to it",
}
