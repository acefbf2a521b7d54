// A classic script that runs before the first paint, so that a chosen theme never flashes the other one.
try {
  const chosen = localStorage.getItem('boardwalk.theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // Storage may be forbidden; the system's theme stands.
}
