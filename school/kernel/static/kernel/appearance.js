// Sets theme and type size before the first paint, so that the page does not flash.
(function () {
  'use strict';
  var root = document.documentElement;
  function stored(key) { try { return localStorage.getItem(key); } catch (error) { return null; } }
  var dark = window.matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = stored('theme') || (dark ? 'dark' : 'light');
  root.dataset.size = stored('size') || 'normal';
})();
