// Draws a figure as it will look, with nothing but what every browser has: what Plotly needs a second to be read for, and
// more to be fetched for, is seen at once. Colour bars and what answers to the mouse come with Plotly.

const made = (tag, style, ...children) => {
  const element = document.createElement(tag)
  Object.assign(element.style, style)
  element.append(...children)
  return element
}

// Where an axis has a place, in percent of its length; y axes go down.
const along = (place, [from, to]) => `${((place - from) / (to - from)) * 100}%`
const box = (left, top, right, bottom, [xs, [down, up]]) => {
  const [x0, x1, y0, y1] = [along(left, xs), along(right, xs), along(top, [up, down]), along(bottom, [up, down])]
  return { position: 'absolute', left: x0, top: y0, width: `calc(${x1} - ${x0})`, height: `calc(${y1} - ${y0})` }
}
const boxOf = ({ x0, dx, y0, dy }, columns, rows, ranges) => {
  const [left, top] = [x0 - dx / 2, y0 - dy / 2]
  return box(left, top, left + columns * dx, top + rows * dy, ranges)
}

// The colour of each byte, as four bytes.
const paletteOf = ({ z, zmin, zmax, colorscale }) => {
  const stops = colorscale.map(([place, colour]) => [place, ...colour.match(/[\d.]+/g).map(Number)])
  const palette = new Uint8ClampedArray(4 * 256)
  for (let byte = 0; byte < 256; byte++) {
    const code = z.dtype === 'i1' && byte > 127 ? byte - 256 : byte
    const at = Math.min(Math.max((code - zmin) / (zmax - zmin), 0), 1)
    const next = Math.max(stops.findIndex(([place]) => place >= at), 1)
    const [before, after] = [stops[next - 1], stops[next]]
    const part = (at - before[0]) / (after[0] - before[0]) || 0
    const [red, green, blue, strength = 1] = after.slice(1).map((to, i) => before[i + 1] + part * (to - before[i + 1]))
    palette.set([red, green, blue, 255 * strength], 4 * byte)
  }
  return new Uint32Array(palette.buffer)
}

const mapOf = (trace, ranges) => {
  const [height, width] = trace.z.shape.split(', ').map(Number), palette = paletteOf(trace)
  const canvas = Object.assign(made('canvas', boxOf(trace, width, height, ranges)), { width, height })
  const image = new ImageData(width, height), pixels = new Uint32Array(image.data.buffer)
  const bytes = new Uint8Array(trace.z.bdata)
  for (let i = 0; i < bytes.length; i++) pixels[i] = palette[bytes[i]]
  canvas.getContext('2d').putImageData(image, 0, 0)
  Object.assign(canvas.style, { opacity: trace.opacity ?? 1, imageRendering: 'pixelated' })
  return canvas
}

const photoOf = async (trace, ranges) => {
  const photo = Object.assign(made('img', { imageRendering: 'pixelated' }), { alt: '', src: trace.source })
  await photo.decode()
  Object.assign(photo.style, boxOf(trace, photo.naturalWidth, photo.naturalHeight, ranges))
  return photo
}

// Boxes of five corners and a gap each.
const hatchingsOf = ({ x, y, fillpattern: { fgcolor, bgcolor, size } }, ranges) =>
  Array.from({ length: x.length / 6 }, (_, i) => {
    const style = box(x[6 * i], y[6 * i], x[6 * i + 2], y[6 * i + 2], ranges)
    const lines = `repeating-linear-gradient(135deg, ${fgcolor} 0 1px, transparent 1px ${size}px)`
    return made('i', { ...style, background: `${lines} ${bgcolor}` })
  })

const drawnOf = async (trace, ranges) => {
  if (trace.opacity === 0) return []
  if (trace.type === 'heatmap') return [mapOf(trace, ranges)]
  if (trace.type === 'image') return [await photoOf(trace, ranges)]
  return trace.fillpattern ? hatchingsOf(trace, ranges) : []
}

const outlineOf = ({ x0, y0, x1, y1, xref, fillcolor, line }, ranges) => {
  const whole = xref.endsWith('domain') ? [[0, 1], [1, 0]] : ranges
  const style = box(x0, y0, x1, y1, whole), width = line.width
  return made('i', {
    ...style,
    background: fillcolor ?? '',
    outline: width ? `${width}px solid ${line.color}` : '',
    outlineOffset: `${-width / 2}px`,
  })
}

// Text with bold and larger words, and nothing else.
const wordsOf = (text) => {
  const { body } = new DOMParser().parseFromString(text, 'text/html')
  for (const each of body.querySelectorAll('*')) {
    if (!each.matches('b, br, span')) each.remove()
    for (const { name } of [...each.attributes]) if (name !== 'style') each.removeAttribute(name)
  }
  return [...body.childNodes]
}

const SHARES = { left: 0, bottom: 100, right: 100, top: 0, center: 50, middle: 50 } // of a text that are before its place

const textOf = (said, family, { left, top, width, height }) => {
  const { x, y, xshift = 0, yshift = 0, xanchor = 'center', yanchor = 'middle' } = said
  const pad = (said.borderpad ?? 1) + 1, turned = said.textangle ? { writingMode: 'vertical-rl', rotate: '180deg' } : {}
  return made('span', {
    position: 'absolute',
    left: `${left + x * width + xshift}px`,
    top: `${top + (1 - y) * height - yshift}px`,
    translate: `${-SHARES[xanchor]}% ${-SHARES[yanchor]}%`,
    font: `${said.font.size}px/1.3 ${family}`,
    textAlign: said.align ?? 'center',
    whiteSpace: 'nowrap',
    background: said.bgcolor ?? '',
    padding: `${pad}px ${pad}px ${pad - 1}px`,
    ...turned,
  }, ...wordsOf(said.text))
}

// What a figure looks like, as an element of its size; its arrays are in their places.
export const sketch = async ({ data, layout }) => {
  const { width, height, margin } = layout, panels = new Map()
  const axesOf = (panel) => panel.split(' ').map((name) => layout[`${name[0]}axis${name.slice(1)}`])
  const rangesOf = (panel) => axesOf(panel).map(({ range }) => range)
  const named = ({ xref, yref }) => `${xref} ${yref}`.replaceAll(' domain', '')
  const placeOf = (panel) => {
    const [across, down] = [width - margin.l - margin.r, height - margin.t - margin.b]
    const [[from, to], [low, high]] = axesOf(panel).map(({ domain }) => domain)
    const [left, top] = [margin.l + from * across, margin.t + (1 - high) * down]
    return { left, top, width: (to - from) * across, height: (high - low) * down }
  }
  const put = (panel, elements) => {
    if (!panels.has(panel)) {
      const place = Object.entries(placeOf(panel)).map(([side, length]) => [side, `${length}px`])
      panels.set(panel, made('div', { position: 'absolute', overflow: 'hidden', ...Object.fromEntries(place) }))
    }
    panels.get(panel).append(...elements)
  }
  const traces = data.filter((trace) => trace.xaxis).map((trace) => ({ trace, panel: `${trace.xaxis} ${trace.yaxis}` }))
  const drawn = await Promise.all(traces.map(({ trace, panel }) => drawnOf(trace, rangesOf(panel))))
  traces.forEach(({ panel }, i) => put(panel, drawn[i]))
  for (const shape of layout.shapes) put(named(shape), [outlineOf(shape, rangesOf(named(shape)))])
  const texts = layout.annotations.map((said) => textOf(said, layout.font.family, placeOf(named(said))))
  const whole = made('div', { position: 'absolute', inset: '0', pointerEvents: 'none' }, ...panels.values(), ...texts)
  whole.className = 'lime-sketch'
  return whole
}
