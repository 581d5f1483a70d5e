/* Making parts of the page. Text is appended as text, never read as markup. */

export function make(tag, className, ...content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...content);
  return element;
}
