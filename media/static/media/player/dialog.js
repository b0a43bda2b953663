// A dialog over the page that holds the focus until it is answered. In full screen it lies inside what fills the screen.

const USABLE = 'button:not([disabled]), a[href], input:not([disabled]), textarea';
let counter = 0;

// Returns {element, close}. `close` is the label of a button that closes it, or nothing: then only an answer does.
export function openDialog({ title, content, close, kind = 'dialog', extra = '' }) {
  counter += 1;
  const before = document.activeElement;
  const element = document.createElement('div');
  element.className = `ask ${extra}`;
  element.setAttribute('role', kind);
  element.setAttribute('aria-modal', 'true');
  element.setAttribute('aria-labelledby', `ask-${counter}`);
  element.tabIndex = -1;
  const head = document.createElement('h2');
  head.id = `ask-${counter}`;
  head.textContent = title;
  element.append(head, content);
  const end = () => {
    if (!element.isConnected) return;
    element.remove();
    if (before && before.isConnected && before !== document.body) before.focus();
  };
  if (close) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn btn-main';
    button.textContent = close;
    button.addEventListener('click', end);
    element.append(button);
  }
  element.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Escape' && close) { event.preventDefault(); end(); }
    if (event.key === 'Tab') keepInside(event, element);
  });
  (document.fullscreenElement || document.body).append(element);
  (element.querySelector(USABLE) || element).focus();
  return { element, close: end };
}

function keepInside(event, element) {
  const usable = [...element.querySelectorAll(USABLE)].filter((e) => e.getClientRects().length);
  if (!usable.length) { event.preventDefault(); return; }
  const [first, last] = [usable[0], usable[usable.length - 1]];
  const at = document.activeElement;
  if (event.shiftKey && (at === first || at === element)) { event.preventDefault(); last.focus(); }
  if (!event.shiftKey && at === last) { event.preventDefault(); first.focus(); }
}
