/** Elements in one line each. Text is always text: nothing that people write becomes HTML. */

type Child = Node | string | null | undefined | false
type Props<T> = Partial<Omit<T, 'style' | 'dataset' | 'children'>> & { aria?: Record<string, string>; class?: string; on?: Record<string, (event: Event) => void> }

export function el<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, props: Props<HTMLElementTagNameMap[Tag]> = {}, ...children: Child[]): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  const { aria, class: className, on, ...rest } = props
  Object.assign(element, rest)
  if (className) element.className = className
  for (const [name, value] of Object.entries(aria ?? {})) element.setAttribute(name === 'role' ? name : `aria-${name}`, value)
  for (const [name, heard] of Object.entries(on ?? {})) element.addEventListener(name, heard)
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false))
  return element
}

/** Addresses in a text become links that open beside the call. */
export function linked(text: string): (Node | string)[] {
  return text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])/).map((part, n) => (n % 2 === 1 ? el('a', { href: part, target: '_blank', rel: 'noopener noreferrer' }, part) : part))
}
