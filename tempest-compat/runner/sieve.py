"""Finds secrets in what a program said, also where they are encoded.

A secret is looked for as it is, in base64 (wherever it begins within what was encoded), in hex, as a
URL writes it and as JSON does.
"""
import base64
import json
import urllib.parse


def forms(secret):
    """(name of the form, text) of everything a secret could look like."""
    data = secret.encode()
    found = {"plain": secret, "hex": data.hex(), "HEX": data.hex().upper(), "URL": urllib.parse.quote(secret, safe=""),
             "URL with plus": urllib.parse.quote_plus(secret), "JSON": json.dumps(secret)[1:-1],
             "JSON in JSON": json.dumps(json.dumps(secret)[1:-1])[1:-1], "bytes": ", ".join(str(byte) for byte in data)}
    for before in range(3):
        # The characters at the ends depend on the neighbours; those between are the secret's own.
        encoded = base64.b64encode(b"\0" * before + data).decode()
        own = encoded[(before * 8 + 5) // 6:len(data + b"\0" * before) * 8 // 6]
        found["base64 at %d" % before] = own
        found["URL-safe base64 at %d" % before] = own.replace("+", "-").replace("/", "_")
    return [(name, text) for name, text in found.items() if len(text) >= 8]


class Sieve:
    """The secrets of a run by name."""

    def __init__(self):
        self._forms = {}

    def add(self, name, secret):
        """Remember a secret; returns it."""
        assert len(secret) >= 8, "%s is too short to be searched for" % name
        assert name not in self._forms, "%s is a secret already" % name
        self._forms[name] = forms(secret)
        return secret

    def names(self):
        return sorted(self._forms)

    def search(self, text, but=()):
        """(name, form, what stands around it) of each secret in the text, except those named in `but`."""
        found = []
        for name, looks in self._forms.items():
            if name in but:
                continue
            for form, look in looks:
                at = text.find(look)
                if at >= 0:
                    found.append((name, form, text[max(0, at - 160):at + len(look) + 40]))
                    break
        return found


def told(found):
    """What was found, for a person; the secret itself may be shown, as it protects nothing."""
    return "\n".join("%s (%s): ...%s" % row for row in found)
