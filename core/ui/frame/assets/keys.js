// Not Streamlit's own shortcuts: those also act while an arrow key moves a slider or a choice.

const TAKEN = 'input, textarea, select, [contenteditable=true], [role=radio], [role=slider], [role=combobox],' +
  '[role=listbox], [role=option], [role=tab], [role=menuitem], [role=dialog], [role=grid], canvas'

const stops = new WeakMap() // see viewport.js

export default function ({ parentElement, data }) {
  stops.get(parentElement)?.()
  const press = (event) => {
    const name = data.keys[event.key]
    const typed = event.composedPath().some((part) => part.matches?.(TAKEN))
    if (!name || typed || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    /** @type {HTMLButtonElement | null} */
    const button = document.querySelector(`.st-key-${name} button`)
    if (!button || button.disabled) return
    event.preventDefault()
    button.click()
  }
  document.addEventListener('keydown', press)
  const stop = () => document.removeEventListener('keydown', press)
  stops.set(parentElement, stop)
  return stop
}
