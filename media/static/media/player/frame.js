// Our controls: media-chrome around an <hls-video>, from the page's <template>. Browsers that cannot hold them keep the
// plain <video> with its own controls.

export function openFrame(root) {
  const template = root.querySelector('template[data-frame]');
  const parts = window.SchoolMedia;
  const { Hls } = parts || {};
  if (!template || !parts || !parts.canFrame || !Hls.isSupported()) return null;
  const content = document.importNode(template.content, true);
  const media = content.querySelector('hls-video');
  // a worker would be a blob, which our policy refuses; captions come from our own tracks
  media.config = { enableWorker: false, enableWebVTT: false, enableIMSC1: false, enableCEA708Captions: false };
  root.querySelector('video').remove();
  template.replaceWith(content);
  return root.querySelector('hls-video');
}

// Rates above what the policy allows are not offered.
export function offerRates(root, most) {
  const menu = root.querySelector('media-playback-rate-menu');
  const rates = [0.75, 1, 1.25, 1.5, 1.75, 2].filter((rate) => rate <= most);
  if (menu && menu.getAttribute('rates') !== rates.join(' ')) menu.setAttribute('rates', rates.join(' '));
}
