// Keeps what is large in figures, where chart.js finds it: by whose it is, and by its name. Not the last one alone, since
// these calls may come in any order (see order.py).

const SOME = 8

export default function ({ data }) {
  const end = data.indexOf(10), [name, ...whose] = new TextDecoder().decode(data.subarray(0, end)).split(' ')
  window.limelight ??= {}
  const kept = window.limelight[whose.join(' ')] ??= new Map()
  kept.delete(name) // it is the latest now
  kept.set(name, data.subarray(end + 1))
  if (kept.size > SOME) kept.delete(kept.keys().next().value)
}
