"""The report of a comparison of six arms, in a real Chromium: on a phone, on a desk, on paper.

    python3 tests/browser/report.py PROGRAM FOLDER

makes a small comparison and looks at its page. Without a Chromium it says so and is content.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMPARISON = ROOT / "scenarios" / "compare-belgium-measures.toml"
NAMES = ["chromium", "chromium-browser", "google-chrome", "chrome"]
# Sheets that the page may take on paper.
MOST_SHEETS = 8
# What the page says of itself in a frame as wide as a screen: what is wider than it, and by how much.
LOOK = """
<!doctype html><html><body style="margin:0"><iframe src="report.html" width="{wide}" height="4000" style="border:0"></iframe>
<pre id="found"></pre>
<script>
onload = () => {{
  const page = document.querySelector("iframe").contentDocument, wide = {wide};
  const within = (part) => part.closest(".wide, figure, pre") !== null;
  const over = [...page.body.querySelectorAll("*")].filter((part) => !within(part) && part.getClientRects().length
    && part.getBoundingClientRect().right > wide + 1).map((part) => part.tagName + ": " + part.textContent.slice(0, 60));
  const small = [...page.querySelectorAll("figure svg")].filter((svg) => svg.getBoundingClientRect().width < 330).length;
  const texts = [...page.querySelectorAll("body p, body li")].map((part) => part.textContent);
  const told = [...page.querySelectorAll("svg desc")].map((part) => part.textContent);
  const spoken = told.filter((text) => texts.includes(text)).length;
  const open = {{ scroll: page.documentElement.scrollWidth, over, small, spoken, figures: told.length }};
  document.getElementById("found").textContent = "FOUND" + JSON.stringify(open) + "END";
}};
</script></body></html>
"""


def browse(chromium, *words):
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--allow-file-access-from-files"]
    done = subprocess.run([chromium, *flags, *words], capture_output=True, text=True, timeout=120)
    if done.returncode:
        sys.exit(f"{chromium} {' '.join(words)}: {done.stderr[-2000:]}")
    return done.stdout


def looked_at(chromium, result, wide):
    frame = result / f"frame-{wide}.html"
    frame.write_text(LOOK.format(wide=wide))
    dom = browse(chromium, f"--window-size={max(wide, 600)},4000", "--virtual-time-budget=5000", "--dump-dom", frame.as_uri())
    found = re.search(r"FOUND(\{.*?\})END</pre>", dom, re.S)
    assert found, f"the page did not load at {wide} pixels"
    return json.loads(found[1].replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&"))


def sheets(chromium, result):
    """Sheets of paper that the page takes."""
    pdf = result / "report.pdf"
    browse(chromium, "--no-pdf-header-footer", f"--print-to-pdf={pdf}", (result / "report.html").as_uri())
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf.read_bytes()))


def main(program, folder):
    chromium = next((path for path in map(shutil.which, NAMES) if path), None)
    if chromium is None:
        print("the page was not looked at: there is no Chromium here")
        return
    result = pathlib.Path(folder).resolve()
    flags = ["--firms", "1500", "--replicates", "4", "--quiet", "--out", str(result)]
    subprocess.run([program, "compare", str(COMPARISON), *flags], check=True, stdout=subprocess.DEVNULL)
    for wide in [390, 1280]:
        found = looked_at(chromium, result, wide)
        assert found["scroll"] <= wide and not found["over"], f"wider than {wide} pixels: {found}"
        assert found["figures"] == 7 and found["small"] == 0, f"figures too small at {wide} pixels: {found}"
        assert found["spoken"] == 0, f"what is for those who cannot see figures stands in the text: {found}"
    count = sheets(chromium, result)
    assert 4 <= count <= MOST_SHEETS, f"{count} sheets of paper"
    print(f"seen at 390 and 1280 pixels; {count} sheets of paper")


main(sys.argv[1], sys.argv[2])
