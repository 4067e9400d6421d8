"""Buttons whose work is done in the browser: a PNG of the grid, the address on the clipboard, and keys for buttons."""

from collections.abc import Mapping

import streamlit as st

_BUTTON = """
<button type="button"><span class="icon" aria-hidden="true"></span><span class="label"></span></button>
<input readonly hidden aria-label="Address of this comparison">
<span class="said" role="status"></span>
"""
_LOOK = """
:host, div {font-family: var(--st-font)}
button {display: inline-flex; align-items: center; gap: 0.35rem; min-height: 2rem; padding: 0.25rem 0;
  font: inherit; font-size: 0.875rem; color: var(--st-text-color); background: transparent; white-space: nowrap;
  border: 1px solid transparent; border-radius: var(--st-button-radius); cursor: pointer}
button.framed {padding: 0.25rem 0.75rem; min-height: 2.5rem; border-color: var(--st-border-color)}
button:hover {color: var(--st-primary-color)}
button.framed:hover {border-color: var(--st-primary-color)}
button:focus-visible, input:focus-visible {outline: 2px solid var(--st-primary-color); outline-offset: 1px}
.icon {font-family: 'Material Symbols Rounded'; font-size: 1.125rem; line-height: 1; font-feature-settings: 'liga'}
.said {font-size: 0.85rem; opacity: 0.75; margin-left: 0.25rem}
.said:empty {display: none}
input {font: inherit; font-size: 0.85rem; width: 16rem; padding: 0.25rem 0.4rem; color: inherit;
  background: transparent; border: 1px solid var(--st-border-color); border-radius: 4px}
"""
# The figure has no background of its own, and its text is coloured by the page: both are written into the copy that is
# drawn. What is zoomed stays zoomed.
_SHOT = """
const finished = (layout, ground, text) => {
  const inked = part => ({ ...part, font: { ...part.font, color: text } })
  const copy = { ...layout, paper_bgcolor: ground, plot_bgcolor: ground, font: { ...layout.font, color: text } }
  copy.annotations = (layout.annotations ?? []).map(inked)
  for (const name of Object.keys(layout).filter(name => name.startsWith('coloraxis'))) {
    const bar = layout[name].colorbar ?? {}
    const title = typeof bar.title === 'object' ? bar.title : { text: bar.title }
    const tickfont = { ...bar.tickfont, color: text }
    copy[name] = { ...layout[name], colorbar: { ...bar, tickfont, title: inked(title ?? {}) } }
  }
  return copy
}
export default function ({ parentElement, data }) {
  const find = name => parentElement.querySelector(name)
  const button = find('button'), said = find('.said')
  find('.icon').textContent = 'image'
  find('.label').textContent = data.label
  button.className = 'framed'
  button.onclick = async () => {
    const plot = document.querySelector('.st-key-grid .js-plotly-plot')
    if (!plot || !window.Plotly) return void (said.textContent = 'There is no grid to draw yet.')
    const colours = getComputedStyle(button), colour = name => colours.getPropertyValue(name).trim()
    const layout = finished(plot.layout, colour('--st-background-color'), colour('--st-text-color'))
    const { width, height } = plot._fullLayout
    const wanted = { format: 'png', scale: 2, width, height, filename: data.file }
    said.textContent = ''
    try {
      await window.Plotly.downloadImage({ data: plot.data, layout, config: {} }, wanted)
    } catch {
      said.textContent = 'This browser could not draw the picture: use the camera above the grid.'
    }
  }
}
"""
# Where a page has no clipboard (no https), the address is shown, selected.
_LINK = """
export default function ({ parentElement, data }) {
  const find = name => parentElement.querySelector(name)
  const button = find('button'), said = find('.said'), field = find('input')
  find('.icon').textContent = 'link'
  find('.label').textContent = 'Copy link'
  said.textContent = data.needed
  let timer = null
  const say = text => {
    find('.label').textContent = text
    clearTimeout(timer)
    timer = setTimeout(() => { find('.label').textContent = 'Copy link' }, 2500)
  }
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(location.href)
      field.hidden = true
      say('Link copied')
    } catch {
      field.hidden = false
      field.value = location.href
      field.focus()
      field.select()
      say('Copy it here')
    }
  }
  return () => clearTimeout(timer)
}
"""
# Not Streamlit's own shortcuts: those also act while an arrow key moves a slider or a choice.
_KEYS = """
const TAKEN = 'input, textarea, select, [contenteditable=true], [role=radio], [role=slider], [role=combobox],'
  + '[role=listbox], [role=option], [role=tab], [role=menuitem], [role=dialog], [role=grid], canvas'
export default function ({ data }) {
  const press = event => {
    const name = data.keys[event.key]
    const typed = event.composedPath().some(part => part.matches?.(TAKEN))
    if (!name || typed || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    const button = document.querySelector(`.st-key-${name} button`)
    if (!button || button.disabled) return
    event.preventDefault()
    button.click()
  }
  document.addEventListener('keydown', press)
  return () => document.removeEventListener('keydown', press)
}
"""
_shot = st.components.v2.component("limelight_shot", html=_BUTTON, css=_LOOK, js=_SHOT)
_link = st.components.v2.component("limelight_link", html=_BUTTON, css=_LOOK, js=_LINK)
_keys = st.components.v2.component("limelight_keys", html="<span></span>\n", js=_KEYS)


def shot_button(label: str, file: str) -> None:
    """A button that saves the grid as it is on the screen, zoomed or not, as `file`.png at twice its size."""
    _shot(key="shot", data={"label": label, "file": file}, width="content")


def link_button(needed: str) -> None:
    """A button that copies the page's address; `needed` says what else the other person needs, "" if nothing."""
    _link(key="link", data={"needed": needed}, width="content")


def listen(keys: Mapping[str, str]) -> None:
    """Let keys press buttons: by a key's name as the browser has it ("ArrowLeft"), the key of the st.button."""
    with st.container(key="keys", width=1):
        _keys(key="pressed", data={"keys": dict(keys)})
