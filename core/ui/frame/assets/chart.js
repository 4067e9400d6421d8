// Draws a grid: one chart for as long as the page is open, into which every new figure is drawn. To Streamlit's own chart
// another figure is another chart (issue 16052): the maps would be gone for a moment, and the zoom for good. Until Plotly is
// there, it is a sketch.
//
// Reads raw values out of codes: `decode` is the inverse of core.ui.figure.quantise, with as many digits as the distance to
// the next code allows.

import { isLate, latestOf } from './order.js'
import { sketch } from './sketch.js'

const MOMENT = 5, PATIENCE = 30000 // ms: between two looks; until it is said that something does not come
const LINGER = 50 // ms, in which the browser decodes the photos that Plotly has drawn
const NO_MAPS = 'The maps are late: wait, or reload the page.'
const NO_VALUES = 'Colour bars and values are late: wait, or reload the page.'
const charts = {} // by place; they outlive the component, which is another one while a grid fills
const zooms = {} // ranges of x and y, by what the axes measure; null: all is shown

const pause = () => new Promise((done) => setTimeout(done, MOMENT))
const shown = ({ xaxis, yaxis }) => [xaxis.range.slice(), yaxis.range.slice()]
const differ = (a, b) => a.flat().some((end, i) => Math.abs(end - b.flat()[i]) > 1e-4)
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

// Puts back what is large, see core.ui.figure.sent.
const complete = ({ data }, large) => {
  const [arrays, photos] = large
  for (const trace of data) {
    for (const [name, value] of Object.entries(trace)) {
      if (value?.bdata) value.bdata = arrays.slice(...value.bdata).buffer
      if (value?.text) trace[name] = new TextDecoder().decode(photos.subarray(...value.text))
    }
  }
}

// The same point in every panel of the row: Plotly's own way to do it (hoversubplots) slants the labels.
const readRow = (chart, { x, y, fullData }) => {
  const row = chart._fullData.filter((trace) => trace.type === 'heatmap' && trace.yaxis === fullData.yaxis)
  for (const trace of row) {
    const law = trace.meta && JSON.parse(trace.meta), code = law ? at(trace, x, y) : undefined
    if (code !== undefined) trace.hovertemplate = `${law.label} ≈ ${decode(code, law)}<extra></extra>`
  }
  const points = row.map((trace) => ({ curveNumber: trace.index, xval: x, yval: y }))
  window.Plotly.Fx.hover(chart, points, row.map((trace) => trace.xaxis + trace.yaxis))
}

const listen = (chart) => {
  let reading = false
  chart.on('plotly_hover', ({ event, points }) => {
    if (reading || !event) return
    reading = true
    readRow(chart, points[0])
    reading = false
  })
  chart.on('plotly_relayout', () => {
    const now = shown(chart._fullLayout)
    zooms[chart.space] = differ(now, chart.home) ? now : null
  })
  // Plotly resets the zoom itself while dragging zooms, but not while it selects.
  chart.on('plotly_deselect', () => {
    if (chart._fullLayout.dragmode !== 'select' || !differ(shown(chart._fullLayout), chart.home)) return
    window.Plotly.relayout(chart, { 'xaxis.range': chart.home[0], 'yaxis.range': chart.home[1] })
  })
  chart.on('plotly_selected', (event) => {
    const box = event?.selections?.at(-1)
    if (box) chart.tell({ axes: [box.xref, box.yref], x: [box.x0, box.x1], y: [box.y0, box.y1] })
  })
}

// From one component to the next there is a moment without any: the chart is then where that will be.
new MutationObserver(() => {
  for (const [place, chart] of Object.entries(charts)) {
    if (!chart.isHere || chart.isConnected) continue
    const { block } = latestOf(place)
    if (block) block.append(chart)
    else chart.isHere = false
  }
}).observe(document.body, { childList: true, subtree: true })

// The one chart of a place: here, and as large as its figure.
const put = (parentElement, { place, figure: { layout }, alt, config }) => {
  const use = JSON.stringify(config)
  if (charts[place]?.use !== use) {
    charts[place]?.remove()
    charts[place] = Object.assign(document.createElement('div'), { use })
  }
  const chart = charts[place]
  Object.assign(chart.style, { position: 'relative', width: `${layout.width}px`, height: `${layout.height}px` })
  chart.setAttribute('role', 'figure')
  chart.setAttribute('aria-label', alt)
  parentElement.append(chart)
  chart.isHere = true
  return chart
}

const draw = (chart, { figure: { data, layout }, space, config }) => {
  Object.assign(chart, { space, home: shown(layout) })
  const kept = zooms[space]
  if (kept) [layout.xaxis.range, layout.yaxis.range] = kept
  const isNew = !chart._fullLayout
  const sketched = chart.querySelector('.lime-sketch')
  if (isNew) chart.replaceChildren(sketched ?? '') // without what was said of patience
  else window.Plotly.Fx.unhover(chart) // values of a panel that may be gone
  window.Plotly.react(chart, data, layout, config)
  if (sketched) setTimeout(() => sketched.remove(), LINGER)
  if (isNew) listen(chart)
}

// Whether something is there in the end, unless nobody waits for it any more. say: after a while that it is not.
const comes = async (isThere, isWaiting, say) => {
  const began = performance.now()
  let isSaid = false
  while (!isThere()) {
    if (!isWaiting()) return false
    if (!isSaid && performance.now() - began > PATIENCE) {
      say()
      isSaid = true
    }
    await pause()
  }
  return isWaiting()
}

export default async function ({ parentElement, data, setTriggerValue }) {
  const text = new TextDecoder().decode(data), mark = text.slice(0, 8), told = JSON.parse(text.slice(8))
  if (isLate(parentElement, told.place, mark)) return
  const { figure } = told
  const large = () => ['arrays', 'photos'].map((kind) => window.limelight?.[`${told.place} ${kind}`]?.get(told[kind]))
  /** @type {Chart} */
  const chart = Object.assign(put(parentElement, told), { figure, tell: (box) => setTriggerValue('box', box) })
  const isLatest = () => chart.figure === figure
  const sayNoMaps = () => {
    window.Plotly?.purge(chart)
    chart.textContent = NO_MAPS
  }
  if (!await comes(() => large().every((bytes) => bytes), isLatest, sayNoMaps)) return
  complete(figure, large())
  if (!window.Plotly) {
    const drawn = await sketch(figure).catch(() => null) // Plotly does without it
    if (drawn && isLatest() && !window.Plotly) chart.replaceChildren(drawn)
  }
  if (!await comes(() => window.Plotly, isLatest, () => chart.prepend(NO_VALUES))) return
  while (isLatest() && chart._dragging) await pause() // who drags is not interrupted
  if (isLatest()) draw(chart, told)
}
