// What the page has beside what every page has, for `deno check`.

interface Window {
  Plotly?: any // Streamlit's
  limelight?: Record<string, Map<string, Uint8Array>> // see large.js
}

interface Chart extends HTMLElement {
  data: any
  layout: any
  figure: any // what is to be drawn
  isHere: boolean // whether its place is on the page
  _fullLayout: any
  _dragging: boolean
}
