"""A Redfish BMC with a serial console over SSH or a WebSocket, made of aiohttp and asyncssh.

Run by the Python that has them: bmc_serial.py HTTP_PORT SSH_PORT [websocket]. What is typed is
echoed. A file named by SERIAL_BMC_LOG gets a line for each login.
"""
import asyncio
import os
import sys

HTTP, SSH = int(sys.argv[1]), int(sys.argv[2])
WEBSOCKET = sys.argv[3:] == ["websocket"]
USER, PASSWORD = "admin", "password"
GREETING = "\r\nwelcome to the machine\r\nlogin: "


def note(text):
    with open(os.environ["SERIAL_BMC_LOG"], "a") as log:
        log.write(text + "\n")


def documents():
    console = {"MaxConcurrentSessions": 1, "IPMI": {"ServiceEnabled": False},
               "SSH": {"ServiceEnabled": True, "Port": SSH, "SharedWithManagerCLI": False}}
    if WEBSOCKET:
        console["WebSocket"] = {"ServiceEnabled": True, "ConsoleURI": "/console0", "Interactive": True}
    return {
        "/redfish/v1": {"@odata.id": "/redfish/v1/", "Id": "RootService", "RedfishVersion": "1.15.0",
                        "Systems": {"@odata.id": "/redfish/v1/Systems"}, "Managers": {"@odata.id": "/redfish/v1/Managers"}},
        "/redfish/v1/Systems": {"@odata.id": "/redfish/v1/Systems", "Members": [{"@odata.id": "/redfish/v1/Systems/1"}],
                                "Members@odata.count": 1},
        "/redfish/v1/Systems/1": {"@odata.id": "/redfish/v1/Systems/1", "Id": "1", "PowerState": "On", "SerialConsole": console,
                                  "Links": {"ManagedBy": [{"@odata.id": "/redfish/v1/Managers/1"}]}},
        "/redfish/v1/Managers/1": {"@odata.id": "/redfish/v1/Managers/1", "Id": "1"},
    }


async def redfish():
    import aiohttp
    from aiohttp import web

    async def resource(request):
        document = documents().get(request.path.rstrip("/"))
        return web.json_response(document) if document else web.json_response({}, status=404)

    async def console(request):
        if request.headers.get("Authorization") != aiohttp.BasicAuth(USER, PASSWORD).encode():
            note("websocket refused")
            return web.Response(status=401)
        note("websocket")
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str(GREETING)
        async for message in socket:
            if message.type == aiohttp.WSMsgType.BINARY:
                await socket.send_bytes(message.data)
        return socket

    app = web.Application()
    app.router.add_get("/console0", console)
    app.router.add_get("/redfish/v1{rest:.*}", resource)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", HTTP).start()


async def ssh():
    import asyncssh

    class Account(asyncssh.SSHServer):
        def begin_auth(self, username):
            return True

        def password_auth_supported(self):
            return True

        def validate_password(self, username, password):
            right = (username, password) == (USER, PASSWORD)
            note("ssh" if right else "ssh refused")
            return right

    async def shell(process):
        process.stdout.write(GREETING)
        while True:
            try:
                typed = await process.stdin.read(1024)
            except (asyncssh.BreakReceived, asyncssh.TerminalSizeChanged):
                continue
            if not typed:
                process.exit(0)
                return
            process.stdout.write(typed)

    key = os.environ["SERIAL_BMC_KEY"]
    if not os.path.exists(key):
        asyncssh.generate_private_key("ssh-ed25519").write_private_key(key)
    await asyncssh.create_server(Account, "127.0.0.1", SSH, server_host_keys=[key], process_factory=shell, line_editor=False)


async def main():
    await asyncio.gather(redfish(), ssh())
    await asyncio.Event().wait()


asyncio.run(main())
