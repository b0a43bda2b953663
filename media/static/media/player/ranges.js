// Watched time as [start, end) pairs of whole milliseconds, sorted and disjoint. Pure functions.

export function union(...sets) {
  const pieces = [].concat(...sets).filter(([a, b]) => a < b).sort((x, y) => x[0] - y[0]);
  const joined = [];
  pieces.forEach(([a, b]) => {
    const last = joined[joined.length - 1];
    if (last && a <= last[1]) last[1] = Math.max(last[1], b);
    else joined.push([a, b]);
  });
  return joined;
}

export function subtract(whole, taken) {
  const holes = union(taken);
  const rest = [];
  union(whole).forEach(([from, to]) => {
    let start = from;
    holes.forEach(([a, b]) => {
      if (b <= start || a >= to) return;
      if (a > start) rest.push([start, a]);
      start = Math.max(start, b);
    });
    if (start < to) rest.push([start, to]);
  });
  return rest;
}

// the end of the block that begins at the beginning: how far a first viewing has come
export function frontier(pieces, slack) {
  let end = 0;
  for (const [a, b] of union(pieces)) {
    if (a > end + slack) break;
    end = Math.max(end, b);
  }
  return end;
}

export const clock = (ms) => {
  const s = Math.floor(ms / 1000);
  const two = (n) => String(n).padStart(2, '0');
  const hours = s >= 3600 ? `${Math.floor(s / 3600)}:` : '';
  return `${hours}${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
};
