// Reports the size of the room for the page.

const room = () => {
  const main = document.querySelector('[data-testid="stMainBlockContainer"]')
  if (!main) return null
  const style = getComputedStyle(main)
  const inner = main.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
  return [Math.round(inner), window.innerHeight]
}

// Streamlit calls this again whenever there are other data, and in the end ends the last call alone.
const stops = new WeakMap()

export default function ({ parentElement, setStateValue, data }) {
  stops.get(parentElement)?.()
  let known = data.room, timer = null
  const report = () => {
    const now = room()
    if (!now || (known && Math.abs(now[0] - known[0]) < 12 && Math.abs(now[1] - known[1]) < 12)) return
    known = now
    setStateValue('room', now)
  }
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(report, 250)
  }
  report()
  window.addEventListener('resize', soon)
  const main = document.querySelector('[data-testid="stMainBlockContainer"]')
  const sizes = new ResizeObserver(soon)
  if (main) sizes.observe(main)

  // A server that was started again knows this page by its next message, which brings all widgets at once: a click among
  // them would not be seen. So the first one says the size of the room. Not where that would take away what is seen of
  // an uploaded picture or network, which is gone.
  const app = document.querySelector('[data-testid="stApp"]')
  const isConnected = () => app?.getAttribute('data-test-connection-state') === 'CONNECTED'
  let was = isConnected()
  const connections = new MutationObserver(() => {
    const is = isConnected()
    if (is && !was && !/picture=upload-|own-/.test(location.search)) {
      known = null
      report()
    }
    was = is
  })
  if (app) connections.observe(app, { attributeFilter: ['data-test-connection-state'] })
  const stop = () => {
    clearTimeout(timer)
    window.removeEventListener('resize', soon)
    sizes.disconnect()
    connections.disconnect()
  }
  stops.set(parentElement, stop)
  return stop
}
