// Lets media-chrome work under `style-src 'self'`. It writes <style> elements into its shadow roots, which that policy
// refuses. Here each <style> becomes an inert element (a `type` that is no CSS is never applied, so never refused), and
// its text goes into a constructed sheet, which the policy does not govern. media-chrome goes on editing `style.sheet`.
const STYLE = /<style([^>]*)>([\s\S]*?)<\/style>/g;

export const canFrame = (() => {
  try {
    new CSSStyleSheet().replaceSync('a{}');
    return Boolean(window.customElements) && 'adoptedStyleSheets' in Document.prototype;
  } catch (error) {
    return false; // Safari before 16.4: the page then keeps the browser's own controls
  }
})();

function adopt(root, texts) {
  const sheets = [...root.querySelectorAll('style')].map((style, place) => {
    const sheet = new CSSStyleSheet({ media: style.getAttribute('media') || '' });
    sheet.replaceSync(texts[place]);
    Object.defineProperty(style, 'sheet', { value: sheet });
    style.setAttribute = (name, value) => {
      Element.prototype.setAttribute.call(style, name, value);
      if (name === 'media') sheet.media.mediaText = value;
    };
    return sheet;
  });
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...sheets];
}

function withoutNested(html) {
  // declared shadow roots of inner elements: those fill themselves, through here, when they are made
  return html.replace(/<template shadowrootmode=[\s\S]*?<\/template>/g, '');
}

if (canFrame) {
  const inner = Object.getOwnPropertyDescriptor(ShadowRoot.prototype, 'innerHTML')
    || Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML');
  const fill = function fill(html) {
    const texts = [];
    const quiet = withoutNested(String(html)).replace(STYLE, (whole, attributes, text) => {
      texts.push(text);
      return `<style type="text/adopted"${attributes}></style>`;
    });
    inner.set.call(this, quiet);
    if (texts.length) adopt(this, texts);
  };
  Object.defineProperty(ShadowRoot.prototype, 'innerHTML', { configurable: true, get: inner.get, set: fill });
  Object.defineProperty(ShadowRoot.prototype, 'setHTMLUnsafe', { configurable: true, writable: true, value: fill });
}
