"""JSON pointers (RFC 6901) with two additions: `#` is a length, `*` is every member."""


def _tokens(pointer):
    return [t.replace("~1", "/").replace("~0", "~") for t in pointer.split("/")[1:]] if pointer.strip("/") else []


def find(document, pointer):
    """The value a pointer names; KeyError, IndexError, TypeError or ValueError if none."""
    for token in _tokens(pointer):
        if token == "#":
            document = len(document)
        elif isinstance(document, list):
            document = document[int(token)]
        else:
            document = document[token]
    return document


def update(document, pointer, change):
    """`document` with every value that the pointer matches replaced by `change(value)`."""
    return _update(document, _tokens(pointer), change)


def _update(value, tokens, change):
    if not tokens:
        return change(value)
    first, rest = tokens[0], tokens[1:]
    if isinstance(value, dict):
        return {k: _update(v, rest, change) if first in ("*", k) else v for k, v in value.items()}
    if isinstance(value, list):
        return [_update(v, rest, change) if first in ("*", str(i)) else v for i, v in enumerate(value)]
    return value
