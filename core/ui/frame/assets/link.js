// Where a page has no clipboard (no https), the address is shown, selected.

export default function ({ parentElement, data }) {
  const find = (name) => parentElement.querySelector(name)
  const button = find('button'), said = find('.said'), field = find('input')
  find('.icon').textContent = 'link'
  find('.label').textContent = 'Copy link'
  said.textContent = data.needed
  let timer = null
  const say = (text) => {
    find('.label').textContent = text
    clearTimeout(timer)
    timer = setTimeout(() => {
      find('.label').textContent = 'Copy link'
    }, 2500)
  }
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(location.href)
      field.hidden = true
      say('Link copied')
    } catch {
      field.hidden = false
      field.value = location.href
      field.focus()
      field.select()
      say('Copy it here')
    }
  }
  return () => clearTimeout(timer)
}
