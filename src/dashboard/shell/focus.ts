/** What an element must be to get the focus of a part of it that is gone. */
const PARTS = '[tabindex], main, section, article, aside, form, ol, ul';

/**
 * Whoever works with keys is never thrown back to the beginning of the page: when what has the focus goes, or can have it no longer, the
 * part of the page gets it that it was in.
 */
export function keepFocus(page: HTMLElement): void {
  /** What had the focus last, and what it was in, from the inside out. */
  let path: HTMLElement[] = [];
  page.addEventListener('focusin', event => {
    path = [];
    for (let e = event.target as HTMLElement | null; e && e !== page; e = e.parentElement) path.push(e);
  });
  const look = () => {
    const [last] = path;
    if (!last || (document.activeElement !== document.body && document.activeElement !== last) || canHaveIt(last))
      return;
    const part = path.slice(1).find(e => e.matches(PARTS) && canHaveIt(e)) ?? page.querySelector('main');
    if (!part) return;
    if (!part.hasAttribute('tabindex')) {
      part.tabIndex = -1;
      part.addEventListener('blur', () => part.removeAttribute('tabindex'), { once: true });
    }
    part.focus({ preventScroll: true });
  };
  // A frame later, whoever takes it away has given it to something else.
  let isAwaited = false;
  const observer = new MutationObserver(() => {
    if (isAwaited) return;
    isAwaited = true;
    requestAnimationFrame(() => {
      isAwaited = false;
      look();
    });
  });
  observer.observe(page, { subtree: true, childList: true, attributeFilter: ['disabled', 'hidden', 'open'] });
}

const canHaveIt = (element: HTMLElement): boolean =>
  element.isConnected && !element.matches(':disabled') && element.checkVisibility();
