// Runs only in browsers that know no modules: the video plays by their own controls, but nothing is recorded.
(function () {
  var box = document.querySelector('[data-old]');
  if (box) box.hidden = false;
})();
