// What the page has beside what every page has, for `deno check`.

interface Window {
  Plotly?: any // Streamlit's
}

interface Chart extends HTMLElement {
  data: any
  layout: any
  figure: any // what is to be drawn
  _fullLayout: any
  _dragging: boolean
}
