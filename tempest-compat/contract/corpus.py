"""The recorded contract on disk: one text file an area, a case a line.

The first line of a file is the table of values which occur more than once in
it (bodies, header sets, masks, links); every further line is one case:

    {"case": "node-patch/extra", "steps": [...], "cleanup": [...], "answers": [...]}

`answers[i]` is what Ironic 39.0.0 answered to `steps[i]`.  Two kinds of
reference keep the files small, and both are resolved while reading:

    {"$": 7}                                   row 7 of the table
    {"$": 7, "set": {...}, "drop": [...]}      row 7, an object, with members
                                               replaced or added and removed

A row refers to earlier rows only, so reading is one pass.  Writing is
deterministic: the same cases give the same bytes.
"""
import json
import pathlib

DIRECTORY = pathlib.Path(__file__).resolve().parent / "corpus"

SHARED_FROM = 24    # shorter values are not worth a reference
EDITED_FROM = 300   # objects from this size on are tried as edits of others
CANDIDATES = 40     # how many earlier objects an edit is searched among


def _text(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


# ------------------------------------------------------------------- reading

def _resolve(value, table):
    if isinstance(value, list):
        return [_resolve(item, table) for item in value]
    if not isinstance(value, dict):
        return value
    if "$" not in value:
        return {name: _resolve(item, table) for name, item in value.items()}
    row = table[value["$"]]
    if len(value) == 1:
        return row
    edited = {name: item for name, item in row.items() if name not in value.get("drop", ())}
    edited.update(_resolve(value.get("set", {}), table))
    return edited


def read(path):
    """The rows of one file (cases, in the corpus), every reference resolved."""
    with open(path, encoding="utf-8") as lines:
        table = []
        for row in json.loads(next(lines))["table"]:
            table.append(_resolve(row, table))
        return [_resolve(json.loads(line), table) for line in lines if line.strip()]


def load(directory=DIRECTORY):
    """Every case of the corpus, sorted by name."""
    cases = []
    for path in sorted(pathlib.Path(directory).glob("*.jsonl")):
        cases += read(path)
    return sorted(cases, key=lambda case: case["case"])


# ------------------------------------------------------------------- writing

class _Packer:
    """Finds what the rows of one file have in common."""

    def __init__(self, rows):
        self.uses = {}
        for row in rows:
            self._count(row)
        self.table, self.rows, self.large = [], {}, []

    def _count(self, value):
        text = None
        if isinstance(value, (dict, list)):
            text = _text(value)
        if text is not None and len(text) >= SHARED_FROM:
            self.uses[text] = self.uses.get(text, 0) + 1
            if self.uses[text] > 1:
                return          # its parts are counted once only
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            self._count(item)

    def pack(self, value, top=False):
        """What stands for `value` in the file."""
        if not isinstance(value, (dict, list)):
            return value
        text = _text(value)
        if text in self.rows:
            return {"$": self.rows[text]}
        if isinstance(value, list):
            packed = [self.pack(item) for item in value]
        else:
            packed = None
            if len(text) >= EDITED_FROM and not top:
                packed = self._edit(value)
            if packed is None:
                packed = {name: self.pack(item) for name, item in value.items()}
        worth_a_row = self.uses.get(text, 0) > 1 or (isinstance(value, dict) and len(text) >= EDITED_FROM)
        if worth_a_row and not top and len(_text(packed)) >= SHARED_FROM:
            self.rows[text] = len(self.table)
            self.table.append(packed)
            if isinstance(value, dict) and len(text) >= EDITED_FROM:
                self.large.append((self.rows[text], value))
            return {"$": self.rows[text]}
        return packed

    def _edit(self, value):
        best, best_size = None, len(_text(value)) // 2
        for row, base in self.large[-CANDIDATES:]:
            changed = {n: v for n, v in value.items() if n not in base or base[n] != v}
            dropped = sorted(n for n in base if n not in value)
            size = len(_text(changed)) + len(_text(dropped))
            if size < best_size:
                best, best_size = (row, changed, dropped), size
        if best is None:
            return None
        row, changed, dropped = best
        packed = {"$": row}
        if changed:
            packed["set"] = {name: self.pack(item) for name, item in changed.items()}
        if dropped:
            packed["drop"] = dropped
        return packed


def write(path, rows):
    """Write rows (objects) to one file."""
    packer = _Packer(rows)
    lines = [_text(packer.pack(row, top=True)) for row in rows]
    head = '{"table":[' + ",".join(_text(row) for row in packer.table) + "]}"
    part = pathlib.Path(path).with_suffix(".part")
    part.write_text("\n".join([head] + lines) + "\n", encoding="utf-8")
    part.replace(path)


def save(cases, directory=DIRECTORY):
    """Write the whole corpus, a file an area."""
    areas = {}
    for case in cases:
        areas.setdefault(case["case"].split("/")[0], []).append(case)
    for area, members in areas.items():
        write(pathlib.Path(directory) / (area + ".jsonl"), sorted(members, key=lambda case: case["case"]))
