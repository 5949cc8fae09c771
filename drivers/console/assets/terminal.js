// The terminal page: a terminal on one side, the console's WebSocket on the other.
"use strict";
(() => {
  const MOST = 4096; // bytes of one message
  const token = location.hash.slice(1);
  const node = location.pathname.split("/").pop();
  const state = document.getElementById("state");
  const sendBreak = document.getElementById("break");
  // The token works once; it is taken out of the address and the history.
  history.replaceState(null, "", location.pathname);
  document.getElementById("node").textContent = node;
  document.title = "Serial console " + node;

  const say = (text, mark) => {
    state.textContent = text;
    for (const name of ["open", "ended"]) delete state.dataset[name];
    if (mark) state.dataset[mark] = "";
  };
  const terminal = new Terminal({
    cols: 80, rows: 25, scrollback: 5000, cursorBlink: true,
    fontFamily: "ui-monospace, 'DejaVu Sans Mono', monospace",
  });
  terminal.open(document.getElementById("terminal"));
  if (!/^[A-Za-z0-9_-]+$/.test(token)) {
    say("This page is opened with a link, and a link works once: ask for another one.", "ended");
    return;
  }
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(scheme + "//" + location.host + location.pathname + "/stream",
    ["ferric.console", "ferric.token." + token]);
  socket.binaryType = "arraybuffer";
  const send = bytes => {
    for (let from = 0; from < bytes.length && socket.readyState === WebSocket.OPEN; from += MOST) {
      socket.send(bytes.subarray(from, from + MOST));
    }
  };
  const encoder = new TextEncoder();
  terminal.onData(text => send(encoder.encode(text)));
  terminal.onBinary(text => send(Uint8Array.from(text, character => character.charCodeAt(0))));
  let opened = false;
  socket.onopen = () => {
    opened = true;
    sendBreak.disabled = false;
    say("open", "open");
    terminal.focus();
  };
  socket.onmessage = event => terminal.write(new Uint8Array(event.data));
  socket.onclose = event => {
    sendBreak.disabled = true;
    say(opened ? "closed" + (event.reason ? ": " + event.reason : "")
      : "refused: the link was used already or has expired, or the console does not run", "ended");
  };
  sendBreak.onclick = () => {
    socket.send(JSON.stringify({break: true}));
    terminal.focus();
  };
})();
