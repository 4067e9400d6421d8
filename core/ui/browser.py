"""What the browser alone knows: how much room there is. And what it alone can keep: the zoom of the grid."""

import streamlit as st

from core.ui.page import touch

# Reports the size of the room for the page. Puts the zoom back after a figure was replaced: a chart that changes in
# any value is a new chart to Streamlit (issue 16052), and forgets its zoom.
_SCRIPT = """
const room = () => {
  const main = document.querySelector('[data-testid="stMainBlockContainer"]')
  if (!main) return null
  const style = getComputedStyle(main)
  const inner = main.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
  return [Math.round(inner), window.innerHeight]
}
const RANGES = ['xaxis.range', 'yaxis.range']
const read = plot => [plot._fullLayout.xaxis.range.slice(), plot._fullLayout.yaxis.range.slice()]
const differ = (a, b) => JSON.stringify(a) !== JSON.stringify(b)

export default function (component) {
  const { setStateValue, data } = component
  let known = data.room, timer = null
  const report = () => {
    const now = room()
    if (!now || (known && Math.abs(now[0] - known[0]) < 12 && Math.abs(now[1] - known[1]) < 12)) return
    known = now
    setStateValue('room', now)
  }
  const soon = () => { clearTimeout(timer); timer = setTimeout(report, 250) }
  report()
  window.addEventListener('resize', soon)
  const main = document.querySelector('[data-testid="stMainBlockContainer"]')
  const sizes = new ResizeObserver(soon)
  if (main) sizes.observe(main)

  const zoom = (window.limelightZoom ??= { ranges: null })
  const keep = plot => {
    if (plot.dataset.zoomKept || !plot.on || !plot._fullLayout) return
    plot.dataset.zoomKept = 'yes'
    const home = [[0, 1], [1, 0]]
    const restore = () => {
      if (zoom.ranges && differ(read(plot), zoom.ranges) && window.Plotly)
        window.Plotly.relayout(plot, { [RANGES[0]]: zoom.ranges[0], [RANGES[1]]: zoom.ranges[1] })
    }
    // The same point in every panel of the row: Plotly's own way to do it (hoversubplots) slants the labels.
    let linking = false
    plot.on('plotly_hover', event => {
      if (linking || !event.event || !window.Plotly) return
      const { x, y, fullData } = event.points[0]
      const row = plot._fullData.filter(trace => trace.type === 'heatmap' && trace.yaxis === fullData.yaxis)
      linking = true
      window.Plotly.Fx.hover(
        plot,
        row.map(trace => ({ curveNumber: trace.index, xval: x, yval: y })),
        row.map(trace => trace.xaxis + trace.yaxis),
      )
      linking = false
    })
    plot.on('plotly_relayout', () => { const now = read(plot); zoom.ranges = differ(now, home) ? now : null })
    restore()
  }
  const look = () => document.querySelectorAll('.st-key-grid .js-plotly-plot').forEach(keep)
  const changes = new MutationObserver(look)
  changes.observe(document.body, { childList: true, subtree: true })
  look()
  return () => {
    clearTimeout(timer)
    window.removeEventListener('resize', soon)
    sizes.disconnect()
    changes.disconnect()
  }
}
"""
_USUAL = (1240, 860)  # a laptop, until the browser has said
_component = st.components.v2.component("limelight_browser", js=_SCRIPT, html="<span></span>\n")


def room() -> tuple[int, int]:
    """(width, height) in pixels that the page has for its content; a guess on the very first run of a session."""
    known: tuple[int, int] | None = st.session_state.get("room")
    with st.container(key="browser"):
        said = _component(key="browser_room", data={"room": known}, on_room_change=touch)
    if said.room:
        known = st.session_state["room"] = (int(said.room[0]), int(said.room[1]))
    return known or _USUAL
