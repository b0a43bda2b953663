// Asks before a form that stops or deletes something is sent.
document.addEventListener('submit', (event) => {
  const words = event.target.dataset.confirm;
  if (words && !window.confirm(words)) event.preventDefault();
});
