"""The page of a run as a person meets it: with a pointer, with keys alone, without scripts, on paper, narrow, dark.

usage: page_browser.py PAGE
"""

import base64
import contextlib
import os
import shutil
import sys

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

failures = 0


def check(what, is_so, seen=""):
    global failures
    print(("ok      " if is_so else "FAILED  ") + what + ("" if is_so else f": {seen}"))
    failures += not is_so


def start():
    options = webdriver.ChromeOptions()
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.binary_location = shutil.which("chromium")
    return webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)


class Page:
    def __init__(self, browser, url):
        self.browser, self.url = browser, url
        self.run = browser.execute_script

    def size(self, width, height):
        self.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def media(self, **features):
        media = features.pop("media", "")
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "media": media,
            "features": [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]})

    def load(self, hash=""):
        self.browser.get("about:blank")
        self.browser.get(self.url + hash)

    def column(self, heading):
        """The table of strategies, its column's heading, and its cells' texts now."""
        return self.run("""
            const table = document.querySelector('h3[id$=-policies]').parentNode.querySelector('.scroll table');
            const at = [...table.rows[0].cells].findIndex(cell => cell.textContent.trim() === arguments[0]);
            return {sort: table.rows[0].cells[at].getAttribute('aria-sort'),
                    texts: [...table.rows].slice(1).filter(row => !row.hidden).map(row => row.cells[at].textContent)};
        """, heading)


HEADING = "wasted, mean, µs"

VISIBLE = "return arguments[0].checkVisibility({contentVisibilityAuto: true, visibilityProperty: true})"

# Texts that reach beyond the screen and can't be scrolled to: those in frames that scroll can.
CLIPPED = """
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode());) {
        if (!node.textContent.trim() || node.parentNode.closest('.scroll, figure, pre, script, style')) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const box of range.getClientRects())
            if (box.width > 0 && (box.right > innerWidth + 0.5 || box.left < -0.5)) {
                found.push(node.textContent.slice(0, 60));
                break;
            }
    }
    return found;
"""

CONTRASTS = """
    const rgb = text => text.match(/[\\d.]+/g).map(Number);
    const light = c => c.slice(0, 3).map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const under = rgb(getComputedStyle(document.body).backgroundColor);
    return ['p', '.dim', 'a', 'td', 'th', 'summary', 'h1', 'strong'].map(name => {
        const a = light(rgb(getComputedStyle(document.querySelector(name)).color)), b = light(under);
        return [name, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
    }).filter(pair => pair[1] < 4.5);
"""


def number(text):
    return float(text.split(" ")[0])


def test_loads_nothing(page):
    page.load()
    loaded = page.run("return performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith('data:'))")
    check("nothing is loaded", loaded == [], loaded)
    errors = [entry["message"] for entry in page.browser.get_log("browser")]
    check("no error on the console", errors == [], errors)
    page.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    broken = page.run("return Promise.all([...document.images].map(i => i.decode().then(() => '', () => i.alt))).then(a => a.filter(x => x))")
    n = page.run("return document.images.length")
    check("every picture can be drawn", n > 10 and broken == [], (n, broken))


def test_first_screen(page):
    page.size(1300, 900)
    page.load()
    box = page.run("const b = document.querySelector('figure').getBoundingClientRect(); return [b.top, b.bottom, b.width]")
    check("the first screen has the picture", 0 < box[0] and box[1] <= 900 and box[2] > 1000, box)
    check("and the advice", page.run("return document.querySelector('.advice').textContent").find("Use ") >= 0)


def test_sorting(page):
    page.load()
    button = page.run("return [...document.querySelectorAll('h3[id$=-policies] ~ .scroll th button')]"
                      ".find(b => b.textContent === arguments[0])", HEADING)
    before = page.column(HEADING)
    for order in ("ascending", "descending"):
        button.click()
        now = page.column(HEADING)
        values = [number(text) for text in now["texts"]]
        check(f"a click sorts: {order}", now["sort"] == order and
              values == sorted(values, reverse=order == "descending"), now)
    button.click()
    check("a third click brings the order back", page.column(HEADING)["texts"] == before["texts"])
    overhead = "overhead, median, %"
    button = page.run("return [...document.querySelectorAll('h3[id$=-policies] ~ .scroll th button')]"
                      ".find(b => b.textContent === arguments[0])", overhead)
    for _ in range(2):
        button.click()
        check("what has no figure is last", page.column(overhead)["texts"][-1] == "", page.column(overhead))


def test_filtering(page):
    page.load()
    box = page.browser.find_element(By.CSS_SELECTOR, "h3[id$=-policies] ~ .filter input")
    everything = page.column("strategy and policy")["texts"]
    box.send_keys("cancel wait")
    check("a filter takes rows that have all its words", page.column("strategy and policy")["texts"] == ["cancel-wait"],
          page.column("strategy and policy"))
    said = page.browser.find_element(By.CSS_SELECTOR, "h3[id$=-policies] ~ .filter").text
    check("and says how many", f"1 of {len(everything)}" in said, said)
    box.send_keys(*[Keys.BACKSPACE] * 11)
    check("without words all rows are back", page.column("strategy and policy")["texts"] == everything)
    check("leaking strategies are not in it", "leak" not in everything, everything)


def test_folding(page):
    page.load()
    fold = page.browser.find_element(By.CSS_SELECTOR, "details[id$=-wasted]")
    picture = fold.find_element(By.TAG_NAME, "img")
    check("a picture is folded", not page.run(VISIBLE, picture))
    fold.find_element(By.TAG_NAME, "summary").click()
    check("a click shows it", page.run(VISIBLE, picture))
    page.load("#" + fold_id(page, "-detection"))
    check("a link unfolds what it leads to", page.run("return document.getElementById(arguments[0]).open", fold_id(page, "-detection")))


def fold_id(page, ending):
    return page.run("return document.querySelector('details[id$=' + arguments[0] + ']').id", ending)


def press(page, *keys):
    webdriver.ActionChains(page.browser).send_keys(*keys).perform()


def tab_to(page, is_there):
    """Tabs until the focused element fulfils a script; False: never."""
    for _ in range(400):
        press(page, Keys.TAB)
        if page.run("const e = document.activeElement; return " + is_there):
            return True
    return False


def test_keys_alone(page):
    page.load()
    check("keys reach a fold", tab_to(page, "e.tagName === 'SUMMARY'"))
    press(page, Keys.ENTER)
    check("and open it", page.run("return document.activeElement.parentNode.open"))
    check("keys reach the filter", tab_to(page, "e.type === 'search' && !e.closest('details')"))
    press(page, "drain")
    check("and fill it in", page.column("strategy and policy")["texts"] == ["drain"])
    press(page, *[Keys.BACKSPACE] * 5)
    check("keys reach a heading", tab_to(page, f"e.tagName === 'BUTTON' && e.textContent === '{HEADING}'"))
    outline = page.run("const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.outlineWidth")
    check("which shows it", outline == "solid2px", outline)
    press(page, Keys.ENTER)
    check("and sort by it", page.column(HEADING)["sort"] == "ascending")


def test_without_scripts(page):
    page.load()
    rows = page.run("return document.querySelectorAll('tr').length")
    page.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page.load()
        find = page.browser.find_elements
        check("without scripts every row is there", len(find(By.TAG_NAME, "tr")) == rows)
        check("nothing is there to press in vain", find(By.CSS_SELECTOR, "button, input") == [])
        check("the table can be read", any(HEADING in th.text for th in find(By.TAG_NAME, "th")))
        fold = find(By.CSS_SELECTOR, "details[id$=-wasted]")[0]
        fold.find_element(By.TAG_NAME, "summary").click()
        check("and folds open", fold.get_attribute("open") is not None)
    finally:
        page.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_print(page):
    page.load()
    page.run("window.seen = []; addEventListener('beforeprint', () => seen.push("
             "document.querySelectorAll('details:not([open])').length))")
    pdf = base64.b64decode(page.browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"])
    check("it prints", pdf.startswith(b"%PDF") and len(pdf) > 100000, len(pdf))
    check("with everything unfolded", page.run("return seen") == [0], page.run("return seen"))
    check("and folds again", page.run("return document.querySelectorAll('details:not([open])').length") > 10)
    page.size(760, 1000)
    page.media(media="print")
    check("no filter on paper", page.run("return getComputedStyle(document.querySelector('.filter')).display") == "none")
    check("nothing that only scrolling would show", page.run(
        "return [...document.querySelectorAll('.scroll, figure')].every(e => getComputedStyle(e).overflowX === 'visible')"))
    page.media()


def test_widths_and_colours(page):
    for width, scheme in ((1300, "light"), (1300, "dark"), (400, "light"), (400, "dark")):
        page.size(width, 900)
        page.media(prefers_color_scheme=scheme)
        page.load()
        page.run("document.querySelectorAll('details').forEach(d => d.open = true)")
        what = f"{width} px, {scheme}: "
        wide = page.run("return document.documentElement.scrollWidth")
        check(what + "nothing sticks out", wide <= width, wide)
        clipped = page.run(CLIPPED)
        check(what + "no word is clipped", clipped == [], clipped)
        pale = page.run(CONTRASTS)
        check(what + "texts stand out", pale == [], pale)
    page.media()


def test_accessibility(page):
    """By axe-core, if QUENCH_TEST_AXE names its axe.min.js."""
    if not os.environ.get("QUENCH_TEST_AXE"):
        print("skipped axe-core: ./run.sh test --browser fetches it where npm is there")
        return
    for scheme in ("light", "dark"):
        page.size(1300, 900)
        page.media(prefers_color_scheme=scheme)
        page.load()
        page.run("document.querySelectorAll('details').forEach(d => d.open = true)")
        with open(os.environ["QUENCH_TEST_AXE"], encoding="utf-8") as axe:
            page.run(axe.read())
        found = page.run("""return axe.run().then(r => r.violations.filter(v => ['serious', 'critical'].includes(v.impact))
            .map(v => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 100)]))""")
        check(f"axe-core has no serious finding, {scheme}", found == [], found)
    page.media()


def main():
    browser = start()
    with contextlib.ExitStack() as stack:
        stack.callback(browser.quit)
        page = Page(browser, "file://" + os.path.realpath(sys.argv[1]))
        page.size(1300, 900)
        for test in (test_loads_nothing, test_first_screen, test_sorting, test_filtering, test_folding, test_keys_alone,
                     test_without_scripts, test_print, test_widths_and_colours, test_accessibility):
            test(page)
    print(f"{failures} failures")
    return failures > 0


sys.exit(main())
