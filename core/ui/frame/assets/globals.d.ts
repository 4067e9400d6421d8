// What the page has beside what every page has, for `deno check`.

interface Window {
  Plotly?: any // Streamlit's
  limelightZooms?: Record<string, number[][] | null>
}

interface Chart extends HTMLElement {
  data: any
  layout: any
  _fullLayout: any
}
