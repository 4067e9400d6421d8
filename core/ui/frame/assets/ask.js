// A small button at the corner of every map, over the chart: it asks what can be found out about that map. It is not
// Plotly's, so that it is in no picture of the grid, and can be reached by keyboard.

import { isLate } from './order.js'

const ANSWERS = '.st-key-tested' // what the answers begin with
const HANDS = ['wheel', 'touchstart', 'mousedown', 'keydown']

// The answers come below the grid, one after another, so that there is room to scroll to them only after a while.
const follow = () => {
  const until = Date.now() + 30000
  const stop = () => {
    clearInterval(timer)
    HANDS.forEach((event) => window.removeEventListener(event, stop))
  }
  const timer = setInterval(() => {
    const answers = document.querySelector(ANSWERS)
    const top = answers?.getBoundingClientRect().top
    if (top < 100 || Date.now() > until) stop()
    else answers?.scrollIntoView({ block: 'start', behavior: 'smooth' })
  }, 300)
  HANDS.forEach((event) => window.addEventListener(event, stop)) // whoever goes elsewhere is not called back
  return stop
}

export default function ({ parentElement, data, setTriggerValue }) {
  if (isLate(parentElement, data.place, data.mark)) return
  let stop = () => {}
  const buttons = data.maps.map(({ name, title, x, y }) => {
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = '?'
    button.title = `Test this map: ${title}`
    button.setAttribute('aria-label', button.title)
    button.style.left = `${x}px`
    button.style.top = `${y}px`
    button.onclick = () => {
      setTriggerValue('asked', name)
      stop()
      stop = follow()
    }
    return button
  })
  parentElement.querySelector('nav').replaceChildren(...buttons)
}
