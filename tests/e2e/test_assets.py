"""The last word on CSS has the browser: what it does not understand, it leaves out without a word."""

import re

import pytest
from playwright.sync_api import Browser

from tests.ui.frame.test_assets import CSS

LEFT_OUT = """css => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  const all = rules => [...rules].flatMap(rule => [rule, ...all(rule.cssRules ?? [])])
  const said = [...css.matchAll(/^ *([-\\w]+): ([^;{}]+);$/gm)].map(([, name, value]) => [name, value])
  const fails = ([name, value]) => !CSS.supports(name, value.replace('!important', ''))
  return { rules: all(sheet.cssRules).length, declarations: said.length, wrong: said.filter(fails).map(String) }
}"""


@pytest.mark.parametrize("path", CSS, ids=lambda path: path.name)
def test_the_browser_understands_every_rule_and_every_declaration(browser: Browser, path):
    css = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    page = browser.new_page()
    found = page.evaluate(LEFT_OUT, css)
    page.close()
    assert found["wrong"] == []
    assert found["rules"] == css.count("{")
    assert found["declarations"] == css.count(";")
