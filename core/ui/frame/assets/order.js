// Which data of a component are the latest, see order.py. A component can be on the page twice for a moment, in its old
// place and in its new one: the latter is beside the latest mark.

export const latestOf = (place) => {
  /** @type {NodeListOf<HTMLElement>} */
  const marks = document.querySelectorAll(`[data-place="${place}"]`)
  const latest = [...marks].sort((a, b) => Number(b.dataset.at) - Number(a.dataset.at))[0]
  return { mark: latest?.dataset.mark, block: latest?.closest('[data-testid="stVerticalBlock"]') }
}

export const isLate = (parentElement, place, mark) => {
  const latest = latestOf(place), at = parentElement.host ?? parentElement // a shadow's is its host's
  return latest.mark !== mark || !latest.block.contains(at)
}
