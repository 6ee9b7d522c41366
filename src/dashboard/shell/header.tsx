import { Clock } from '../clock/clock.js';
import { LANGUAGES, type Language, language, setLanguage, type TextKey, t } from '../i18n/index.js';
import { go, place } from '../model/place.js';
import { VIEWS } from '../model/place-url.js';
import { setTheme, THEMES, theme } from '../model/theme.js';

/** The line at the top: where one can go, and how the page speaks and looks. */
export function Header() {
  return (
    <header class="top">
      <a class="brand" href="/" aria-label={t('header.home')}>
        <img src="/favicon.svg" alt="" width="24" height="24" />
        <span>Kubette</span>
      </a>
      <nav aria-label={t('header.views')}>
        {VIEWS.map(view => (
          <button
            type="button"
            key={view}
            aria-current={place.value.view === view ? 'page' : undefined}
            onClick={() => go({ view }, true)}
          >
            {t(`view.${view}` as TextKey)}
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
