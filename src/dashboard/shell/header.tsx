import { useEffect } from 'preact/hooks';
import { Clock } from '../clock/clock.js';
import { LANGUAGES, type Language, language, setLanguage, type TextKey, t } from '../i18n/index.js';
import { go, place } from '../model/place.js';
import { setTheme, THEMES, theme } from '../model/theme.js';
import type { View } from '../views.js';
import './shell.css';

/** The line at the top: where one can go, and how the page speaks and looks. */
export function Header({ views, current }: { views: readonly View[]; current: View }) {
  useEffect(() => {
    // By what is printed on the key: with Alt, keys of some systems write other letters.
    const press = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const view = views.find(({ key }) => event.code === `Key${key}`);
      if (!view) return;
      event.preventDefault();
      go({ view: view.name }, true);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [views]);
  return (
    <header class="top">
      <a class="brand" href="/" aria-label={t('header.home')}>
        <img src="/favicon.svg" alt="" width="24" height="24" />
        <span>Kubette</span>
      </a>
      <nav aria-label={t('header.views')}>
        {views.map(view => (
          <button
            type="button"
            key={view.name}
            title={`Alt+${view.key}`}
            aria-keyshortcuts={`Alt+${view.key}`}
            aria-current={view === current ? 'page' : undefined}
            onClick={() => go({ view: view.name }, true)}
          >
            {t(view.label)}
          </button>
        ))}
        <a href={`${place.value.fork ? `/forks/${place.value.fork}` : ''}/graphql`}>GraphQL</a>
      </nav>
      <Clock />
      <div class="settings">
        <label>
          <span class="unseen">{t('header.language')}</span>
          <select value={language.value} onChange={event => setLanguage(event.currentTarget.value as Language)}>
            {Object.entries(LANGUAGES).map(([code, { name }]) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span class="unseen">{t('header.theme')}</span>
          <select
            value={theme.value}
            onChange={event => setTheme(event.currentTarget.value as (typeof THEMES)[number])}
          >
            {THEMES.map(name => (
              <option key={name} value={name}>
                {t(`theme.${name}` as TextKey)}
              </option>
            ))}
          </select>
        </label>
      </div>
    </header>
  );
}
