"""The report of a benchmark: a page of text and a plot."""
import json
import subprocess

from bench import measures
from runner import prerequisites

# Runs in a venv with matplotlib; reads the document on its standard input.
DRAW = """
import json, sys
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
rows = json.load(sys.stdin)["measures"][::-1]
figure, axes = plt.subplots(figsize=(9, 0.55 * len(rows) + 1.4))
axes.barh([r["measure"] for r in rows], [r["ratio"] for r in rows],
          color=["#2a7f62" if r["ratio"] >= r["wanted"] else "#b3432b" for r in rows])
for at, row in enumerate(rows):
    axes.plot([row["wanted"]] * 2, [at - 0.4, at + 0.4], color="black", linewidth=1.5)
    axes.text(row["ratio"] * 1.06, at, "%.0fx" % row["ratio"], va="center")
axes.set_xscale("log")
axes.set_xlim(1, max(max(r["ratio"], r["wanted"]) for r in rows) * 3)
axes.set_xlabel("times better than Ironic 39.0.0 (the mark: what is wanted)")
axes.spines[["top", "right"]].set_visible(False)
figure.tight_layout()
figure.savefig(sys.argv[1])
"""


def draw(script, document, picture):
    """Have a script draw a document into a file, whose directory is made if it is not there."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    python = prerequisites.venv("plot", "matplotlib") / "python"
    subprocess.run([python, "-c", script, picture], input=json.dumps(document), text=True, check=True)


def write(document, directory):
    """Write `bench.md` and `bench.svg` into a directory."""
    draw(DRAW, document, directory / "bench.svg")
    lines = ["# Beside the real Ironic 39.0.0", "",
             "%d nodes, %d CPUs, median of %d rounds, both all in one on SQLite with the same configuration." % (
                 document["nodes"], document["cpus"], document["rounds"]), "",
             "| measure | Ferric | Ironic | unit | ratio | wanted |", "| --- | ---: | ---: | --- | ---: | ---: |"]
    for row in document["measures"]:
        lines.append("| %s | %s | %s | %s | %.1f× | %d× |" % (
            row["about"], measures.figure(row["ferric"]), measures.figure(row["ironic"]), row["unit"], row["ratio"], row["wanted"]))
    lines += ["", "![ratios](bench.svg)", "", "Made by `tempest-compat/bench/run --report DIRECTORY`.", ""]
    (directory / "bench.md").write_text("\n".join(lines))
