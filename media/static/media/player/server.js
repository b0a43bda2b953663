// Requests to our API: the token is read from the cookie each time, because signing in elsewhere renews it.

function token(fallback) {
  const found = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
  return found ? found[1] : fallback;
}

// The answer's JSON with `status`; a `status` of 0 means that the network did not answer.
export async function ask(root, method, url, body, keepalive = false) {
  const options = { method, credentials: 'same-origin', keepalive, headers: { 'X-CSRFToken': token(root.dataset.token) } };
  if (body !== undefined) {
    options.headers['Content-Type'] = 'application/json';
    options.body = JSON.stringify(body);
  }
  try {
    const response = await fetch(url, options);
    const type = response.headers.get('Content-Type') || '';
    const data = type.includes('json') ? await response.json() : {};
    return { status: response.status, ok: response.ok, data, retryAfter: Number(response.headers.get('Retry-After')) || 0 };
  } catch (error) {
    return { status: 0, ok: false, data: {}, retryAfter: 0 };
  }
}
