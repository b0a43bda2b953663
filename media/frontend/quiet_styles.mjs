// Lets media-chrome work under `style-src 'self'`. It writes <style> elements into its shadow roots, which that policy
// refuses. Here each text goes into a constructed sheet, which the policy does not govern, and in place of the <style>
// stands an element of that name in a namespace of our own: no browser takes it for a style, yet media-chrome finds it,
// and through its `sheet` goes on editing the rules.
const STYLE = /<style([^>]*)>([\s\S]*?)<\/style>/g;
// declared shadow roots of inner elements: those fill themselves, through here, when they are made
const DECLARED = /<template shadowrootmode=[\s\S]*?<\/template>/g;
const SEAT = 'data-adopted-style';

export const canFrame = (() => {
  try {
    new CSSStyleSheet().replaceSync('a{}');
    return Boolean(window.customElements) && 'adoptedStyleSheets' in Document.prototype;
  } catch (error) {
    return false; // Safari before 16.4: the page then keeps the browser's own controls
  }
})();

function standIn(seat, text) {
  const style = document.createElementNS('urn:network-party-school:adopted', 'style');
  [...seat.attributes].forEach(({ name, value }) => { if (name !== SEAT) style.setAttribute(name, value); });
  const sheet = new CSSStyleSheet({ media: style.getAttribute('media') || '' });
  sheet.replaceSync(text);
  Object.defineProperty(style, 'sheet', { value: sheet });
  style.setAttribute = (name, value) => {
    Element.prototype.setAttribute.call(style, name, value);
    if (name === 'media') sheet.media.mediaText = value;
  };
  seat.replaceWith(style);
  return sheet;
}

// the libraries define elements while they load; without a registry they would stop half-way and take hls.js with them
if (!window.customElements) window.customElements = { get() {}, define() {}, whenDefined: () => new Promise(() => {}) };

if (canFrame) {
  const hidden = new CSSStyleSheet();
  hidden.replaceSync('style { display: none }');
  const inner = Object.getOwnPropertyDescriptor(ShadowRoot.prototype, 'innerHTML')
    || Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML');
  const fill = function fill(html) {
    const texts = [];
    inner.set.call(this, String(html).replace(DECLARED, '').replace(STYLE, (whole, attributes, text) => {
      texts.push(text);
      return `<span ${SEAT}${attributes}></span>`;
    }));
    const seats = [...this.querySelectorAll(`[${SEAT}]`)];
    if (seats.length) this.adoptedStyleSheets = [hidden, ...seats.map((seat, place) => standIn(seat, texts[place]))];
  };
  Object.defineProperty(ShadowRoot.prototype, 'innerHTML', { configurable: true, get: inner.get, set: fill });
  Object.defineProperty(ShadowRoot.prototype, 'setHTMLUnsafe', { configurable: true, writable: true, value: fill });
}
