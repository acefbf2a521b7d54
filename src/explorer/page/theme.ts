const key = 'boardwalk.theme';
type Theme = 'light' | 'dark';

const system = matchMedia('(prefers-color-scheme: dark)');

export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return system.matches ? 'dark' : 'light';
}

/** Tells of every change of theme, by the button or by the system, until the signal aborts. */
export function onThemeChange(listener: () => void, signal: AbortSignal): void {
  addEventListener('themechange', listener, { signal });
  system.addEventListener('change', listener, { signal });
}

export function installThemeButton(button: HTMLButtonElement): void {
  const label = (): void => {
    const other = currentTheme() === 'dark' ? 'light' : 'dark';
    button.setAttribute('aria-label', `Use the ${other} theme`);
    button.title = `Use the ${other} theme`;
  };
  button.addEventListener('click', () => {
    const next: Theme = currentTheme() === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem(key, next);
    } catch {
      // Storage may be forbidden; the choice then lasts as long as the page.
    }
    label();
    dispatchEvent(new Event('themechange'));
  });
  system.addEventListener('change', label);
  label();
}

/** A colour of the style sheet, resolved for the current theme: canvases know no custom properties. */
export function colour(name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}
