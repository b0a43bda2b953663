// Behaviour every page shares: theme and size switches, one-click forms that cannot be sent twice, confirm words.
const root = document.documentElement;

function remember(key, value) {
  try { localStorage.setItem(key, value); } catch (error) { console.info('no local storage', error.name); }
}

function toggle(button, key, on, off) {
  const paint = () => button.setAttribute('aria-pressed', String(root.dataset[key] === on));
  button.addEventListener('click', () => {
    root.dataset[key] = root.dataset[key] === on ? off : on;
    remember(key, root.dataset[key]);
    paint();
  });
  paint();
}

document.querySelectorAll('[data-theme-button]').forEach((button) => toggle(button, 'theme', 'dark', 'light'));
document.querySelectorAll('[data-size-button]').forEach((button) => toggle(button, 'size', 'large', 'normal'));

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.method !== 'post' || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = 'yes';
  form.querySelectorAll('button[type=submit], button:not([type])').forEach((button) => button.setAttribute('aria-disabled', 'true'));
});

window.addEventListener('pageshow', () => {
  document.querySelectorAll('form[data-sent]').forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll('[aria-disabled]').forEach((button) => button.removeAttribute('aria-disabled'));
  });
});
