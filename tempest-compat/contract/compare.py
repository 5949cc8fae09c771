"""Compares the answers of a server with the recorded ones."""
import json

# Free text of an error: its meaning counts, not its words.
WORDING = ("faultstring", "description")


def without_wording(answer):
    """An error with its texts replaced by their type."""
    if answer.get("status", 0) < 400:
        return answer
    if answer.get("body_kind") == "text":
        return {**answer, "body": "<text>"}
    return {**answer, "body": _without_wording(answer["body"])} if "body" in answer else answer


def _without_wording(value):
    if isinstance(value, list):
        return [_without_wording(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: "<%s>" % type(item).__name__ if name in WORDING and not isinstance(item, dict)
            else _without_wording(item) for name, item in value.items()}


def _brief(value, limit=220):
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return text if len(text) <= limit else text[:limit] + "…"


def _number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def differences(wanted, got, where=""):
    """One readable line for each place where the two differ."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        for name in sorted(wanted.keys() | got.keys()):
            place = "%s/%s" % (where, name)
            if name not in got:
                yield "%s: missing, wanted %s" % (place, _brief(wanted[name]))
            elif name not in wanted:
                yield "%s: not wanted, got %s" % (place, _brief(got[name]))
            else:
                yield from differences(wanted[name], got[name], place)
    elif isinstance(wanted, list) and isinstance(got, list):
        if len(wanted) != len(got):
            yield "%s: wanted %d members, got %d" % (where or "/", len(wanted), len(got))
        for index, pair in enumerate(zip(wanted, got)):
            yield from differences(*pair, "%s/%d" % (where, index))
    elif wanted != got or (type(wanted) is not type(got) and not (_number(wanted) and _number(got))):
        yield "%s: wanted %s, got %s" % (where or "/", _brief(wanted), _brief(got))


def judge(case, answers, wording=False, crashes=False):
    """What is wrong with `answers`: a list of lines, empty when they pass."""
    wrong = []
    if not case.get("answers"):
        return ["no answers are recorded"]
    for index, wanted in enumerate(case["answers"]):
        step = case["steps"][index]
        label = "step %d %s %s" % (index, step.get("method", "GET"), step["path"])
        if "version" in step:
            label += " @%s" % step["version"]
        got = answers[index] if index < len(answers) else {"stuck": "not reached"}
        if "stuck" in got:
            return wrong + ["%s: %s" % (label, got["stuck"])]
        if wanted["status"] >= 500 and not crashes and got["status"] >= 400:
            continue        # a crash of the reference promises nothing: any refusal will do
        if not wording:
            wanted, got = without_wording(wanted), without_wording(got)
        lines = list(differences(wanted, got))
        if lines:
            wrong += [label + ":"] + ["    " + line for line in lines]
    return wrong
