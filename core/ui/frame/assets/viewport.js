// Reports the size of the room for the page. Puts the zoom back after a figure was replaced: a chart that changes in
// any value is a new chart to Streamlit (issue 16052), and forgets its zoom. Reads raw values out of codes: `decode` is
// the inverse of core.ui.figure.codes, with as many digits as the distance to the next code allows.

const room = () => {
  const main = document.querySelector('[data-testid="stMainBlockContainer"]')
  if (!main) return null
  const style = getComputedStyle(main)
  const inner = main.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
  return [Math.round(inner), window.innerHeight]
}
const RANGES = ['xaxis.range', 'yaxis.range']
const read = (plot) => [plot._fullLayout.xaxis.range.slice(), plot._fullLayout.yaxis.range.slice()]
const differ = (a, b, by = 1e-4) => a.flat().some((end, i) => Math.abs(end - b.flat()[i]) > by)
const decode = (code, { bend, knee, growth }) => {
  const steps = Math.abs(code), seen = steps <= knee
  const size = seen ? bend * (steps / knee) ** 2 : bend * Math.exp(growth * (steps - knee))
  const step = seen ? bend * (2 * steps + 0.5) / knee ** 2 : size * growth
  const digits = Math.floor(Math.log10(size)) - Math.round(Math.log10(step)) + 1
  return size ? Math.sign(code) * Number(size.toPrecision(Math.min(Math.max(digits, 1), 4))) : 0
}
const at = (trace, x, y) => {
  const column = Math.floor((x - trace.x0) / trace.dx + 0.5), row = Math.floor((y - trace.y0) / trace.dy + 0.5)
  return trace.z[row]?.[column]
}

export default function (component) {
  const { setStateValue, data } = component
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

  const zooms = (window.limelightZooms ??= {}) // by what the axes measure
  const keep = (plot) => {
    if (plot.dataset.zoomKept || !plot.on || !plot._fullLayout) return
    plot.dataset.zoomKept = 'yes'
    const { space, home, size } = JSON.parse(plot._fullLayout.meta)
    let restored = false
    const restore = () => {
      if (restored || !plot._fullLayout) return // the latter is gone with the chart
      restored = true
      const kept = zooms[space]
      if (kept && differ(read(plot), kept) && window.Plotly) {
        window.Plotly.relayout(plot, { [RANGES[0]]: kept[0], [RANGES[1]]: kept[1] })
      }
    }
    // The same point in every panel of the row: Plotly's own way to do it (hoversubplots) slants the labels.
    let linking = false
    plot.on('plotly_hover', (event) => {
      if (linking || !event.event || !window.Plotly) return
      const { x, y, fullData } = event.points[0]
      const row = plot._fullData.filter((trace) => trace.type === 'heatmap' && trace.yaxis === fullData.yaxis)
      for (const trace of row) {
        const law = trace.meta && JSON.parse(trace.meta), code = law ? at(trace, x, y) : undefined
        if (code !== undefined) trace.hovertemplate = `${law.label} ≈ ${decode(code, law)}<extra></extra>`
      }
      linking = true
      window.Plotly.Fx.hover(
        plot,
        row.map((trace) => ({ curveNumber: trace.index, xval: x, yval: y })),
        row.map((trace) => trace.xaxis + trace.yaxis),
      )
      linking = false
    })
    // Streamlit draws a new chart once more from what it sent. Who zoomed in between, on a busy computer, would lose
    // that: no event of a reader says that all is to be shown again, so that the zoom is still kept here. And it draws
    // one that is not as wide as it will be, if it is early: Plotly then shows more than all, and goes on to do so.
    const hold = () => {
      if (!restored || !plot._fullLayout || !window.Plotly || plot._dragging) return
      const now = read(plot), kept = zooms[space] ?? home, { width, height } = plot._fullLayout
      const wasNarrow = kept === home && differ(now, home, 0.02) && width === size[0] && height === size[1]
      const isForgotten = !differ(now, home) && differ(kept, home)
      if (!wasNarrow && !isForgotten) return
      window.Plotly.relayout(plot, { [RANGES[0]]: kept[0], [RANGES[1]]: kept[1] })
    }
    plot.on('plotly_afterplot', () => setTimeout(hold, 150)) // after the event of a reader who shows all again
    plot.on('plotly_relayout', () => {
      const now = read(plot), zoomed = differ(now, home)
      if (zoomed) restored = true // whoever zooms before the zoom is back wants this one
      if (restored) zooms[space] = zoomed ? now : null
    })
    // Plotly resets the zoom itself while dragging zooms, but not while it selects.
    plot.on('plotly_deselect', () => {
      if (plot._fullLayout.dragmode === 'select' && differ(read(plot), home)) {
        window.Plotly.relayout(plot, { [RANGES[0]]: home[0], [RANGES[1]]: home[1] })
      }
    })
    // Not while it is still being drawn: Streamlit would miss the end of that, and then every selection. It listens
    // when that has ended; on a busy computer the event of the end can be over before this is here.
    let frames = 60
    const begin = () => {
      if (restored || !plot._ev) return
      if (plot._ev.listenerCount('plotly_relayout') > 1 || frames-- === 0) restore()
      else requestAnimationFrame(begin)
    }
    plot.once('plotly_afterplot', () => setTimeout(restore))
    begin()
  }
  const look = () => document.querySelectorAll(`.st-key-${data.grid} .js-plotly-plot`).forEach(keep)
  const changes = new MutationObserver(look)
  changes.observe(document.body, { childList: true, subtree: true })
  look()
  return () => {
    clearTimeout(timer)
    window.removeEventListener('resize', soon)
    sizes.disconnect()
    connections.disconnect()
    changes.disconnect()
  }
}
