"""Answers in the form in which they are recorded: what differs between two runs is named.

UUIDs made by the server become `<uuid:variable>` (captured by the case) or
`<uuid:1>`, `<uuid:2>`... in order of appearance, times `<ts+00:00>`, the
server's address `<base>` or `<netloc>`, its conductor `<host>`.
"""
import json
import re

import pointer

VERSION = "X-OpenStack-Ironic-API-Version"
BY_VALUE = (
    "Content-Type", "Location", "Allow", VERSION,
    "X-OpenStack-Ironic-API-Minimum-Version", "X-OpenStack-Ironic-API-Maximum-Version",
    "Vary", "WWW-Authenticate", "Retry-After",
)
BY_PRESENCE = ("X-OpenStack-Request-Id", "OpenStack-Request-Id")

_HEX = "[0-9a-fA-F]"
UUID = re.compile(r"(?<!%s)(?<!-)%s{8}(?:-%s{4}){3}-%s{12}(?!%s)(?!-)" % ((_HEX,) * 5))
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(\+\d\d:\d\d|Z)?")
SET_LIKE = re.compile(r"enabled_\w+_interfaces")


class Names:
    """The names given to changing values within one case."""

    def __init__(self, base, host, case):
        self._replacements = [(base, "<base>"), (base.partition("://")[2], "<netloc>")]
        if host:
            self._replacements.append((host, "<host>"))
        written = json.dumps([case["steps"], case.get("cleanup", [])])
        self._literal = {found.lower() for found in UUID.findall(written)}
        self._named = {}
        self._numbered = 0

    def learn(self, variable, value):
        """A captured UUID is called by its variable from now on."""
        if isinstance(value, str) and UUID.fullmatch(value) and value.lower() not in self._literal:
            self._named.setdefault(value.lower(), "<uuid:%s>" % variable)

    def _uuid(self, match):
        key = match.group().lower()
        if key in self._literal:
            return match.group()
        if key not in self._named:
            self._numbered += 1
            self._named[key] = "<uuid:%d>" % self._numbered
        return self._named[key]

    def text(self, text):
        for actual, name in self._replacements:
            text = text.replace(actual, name)
        return TIME.sub(lambda m: "<ts%s>" % (m.group(1) or ""), UUID.sub(self._uuid, text))

    def value(self, value):
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if isinstance(value, dict):
            # by name, so that UUIDs are numbered alike whatever the order on the wire
            return {self.text(name): self.value(value[name]) for name in sorted(value)}
        return value


def _unfold_error(body):
    """Ironic's error_message is often JSON text inside JSON."""
    if isinstance(body, dict) and isinstance(body.get("error_message"), str):
        try:
            return {**body, "error_message": {"<json-string>": json.loads(body["error_message"])}}
        except ValueError:
            pass
    return body


def _order_sets(value):
    if isinstance(value, list):
        return [_order_sets(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: sorted(item) if SET_LIKE.fullmatch(name) and isinstance(item, list)
        and all(isinstance(i, str) for i in item) else _order_sets(item)
        for name, item in value.items()
    }


def _order_list(rule):
    """How one `sort` entry of a step orders the list it points at."""
    member = rule.get("by") if isinstance(rule, dict) else None

    def key(item):
        if member and isinstance(item, dict):
            return json.dumps(item.get(member), sort_keys=True)
        return UUID.sub("", json.dumps(item, sort_keys=True))

    where = rule["pointer"] if isinstance(rule, dict) else rule
    return where, lambda value: sorted(value, key=key) if isinstance(value, list) else value


def _mask(value):
    return value if value is None else "<masked:%s>" % type(value).__name__


def _headers(answer, names):
    shown = {}
    for header in BY_VALUE:
        value = answer.headers.get(header.lower())
        if value is None:
            continue
        if header == "Content-Type":
            value = re.sub(r"\s*;\s*", "; ", value.strip()).lower()
        elif header == "Allow":
            value = ", ".join(sorted(part.strip() for part in value.split(",")))
        shown[header] = names.text(value)
    for header in BY_PRESENCE:
        if header.lower() in answer.headers:
            shown[header] = "<present>"
    return shown


def canonical(step, answer, names):
    """An `Answer` as the corpus would record it for this step."""
    seen = {"status": answer.status, "headers": _headers(answer, names)}
    if not answer.body:
        return {**seen, "body_kind": "empty"}
    text = answer.body.decode("utf-8", "replace")
    try:
        body = json.loads(text)
    except ValueError:
        return {**seen, "body_kind": "text", "body": names.text(text)}
    if answer.status >= 400:
        body = _unfold_error(body)
    body = _order_sets(body)
    for rule in step.get("sort", ()):
        body = pointer.update(body, *_order_list(rule))
    for where in step.get("mask", ()):
        body = pointer.update(body, where, _mask)
    body = names.value(body)
    how = step.get("compare", "full")
    if how == "status":
        return seen
    if how == "keys" and isinstance(body, dict) and answer.status < 400:
        body = {"<keys>": sorted(body)}
    return {**seen, "body_kind": "json", "body": body}
