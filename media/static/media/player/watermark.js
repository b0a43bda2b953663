// Who watches an internal video, faint over the picture and moving from corner to corner; put back when removed.

const MOVE_MS = 15000;
const PLACES = ['at-1', 'at-2', 'at-3', 'at-4'];

export function mark(root) {
  const text = root.dataset.watermark;
  if (!text) return;
  const stage = root.querySelector('[data-stage]');
  let place = 0;
  let sign = null;
  const put = () => {
    sign = document.createElement('span');
    sign.textContent = text;
    sign.setAttribute('aria-hidden', 'true');
    sign.className = `watermark ${PLACES[place]}`;
    stage.append(sign);
  };
  const restore = () => {
    const right = sign && sign.isConnected && sign.textContent === text && !sign.hidden && !sign.hasAttribute('style')
      && sign.className === `watermark ${PLACES[place]}`;
    if (right) return;
    if (sign) sign.remove();
    put();
  };
  put();
  new MutationObserver(restore).observe(stage, { childList: true, subtree: true, attributes: true, attributeFilter: ['class', 'style', 'hidden'], characterData: true });
  setInterval(() => { place = (place + 1) % PLACES.length; restore(); }, MOVE_MS);
}
