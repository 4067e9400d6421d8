// The figure has no background of its own, and its text is coloured by the page: both are written into the copy that is
// drawn. What is zoomed stays zoomed.

const finished = (layout, ground, text) => {
  const inked = (part) => ({ ...part, font: { ...part.font, color: text } })
  const copy = { ...layout, paper_bgcolor: ground, plot_bgcolor: ground, font: { ...layout.font, color: text } }
  copy.annotations = (layout.annotations ?? []).map(inked)
  for (const name of Object.keys(layout).filter((name) => name.startsWith('coloraxis'))) {
    const bar = layout[name].colorbar ?? {}
    const title = typeof bar.title === 'object' ? bar.title : { text: bar.title }
    const tickfont = { ...bar.tickfont, color: text }
    copy[name] = { ...layout[name], colorbar: { ...bar, tickfont, title: inked(title ?? {}) } }
  }
  return copy
}

export default function ({ parentElement, data }) {
  const find = (name) => parentElement.querySelector(name)
  const button = find('button'), said = find('.said')
  find('.icon').textContent = 'image'
  find('.label').textContent = data.label
  button.className = 'framed'
  button.onclick = async () => {
    /** @type {Chart | null} */
    const plot = document.querySelector(`.st-key-${data.grid} .js-plotly-plot`)
    if (!plot || !window.Plotly) return void (said.textContent = 'There is no grid to draw yet.')
    const colours = getComputedStyle(button), colour = (name) => colours.getPropertyValue(name).trim()
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
