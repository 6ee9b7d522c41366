import { t } from './i18n/index.js';
import { place } from './model/place.js';
import { Detail } from './panels/detail.js';
import { Header } from './shell/header.js';
import { Sidebar } from './shell/sidebar.js';
import { ConnectionBanner } from './shell/states.js';
import { Toolbar } from './shell/toolbar.js';
import { Timeline } from './timeline/timeline.js';
import { VIEWS, viewOf } from './views.js';

/** The whole page. */
export function App() {
  const view = viewOf(place.value.view);
  return (
    <div class="page">
      <a class="skip" href="#main">
        {t('header.skip')}
      </a>
      <Header views={VIEWS} current={view} />
      <ConnectionBanner />
      <div class="body">
        {!view.alone && <Sidebar />}
        <main id="main" tabIndex={-1}>
          <h1 class="unseen">{t('header.title')}</h1>
          {!view.alone && <Toolbar tools={view.tools} />}
          <view.component key={view.name} />
        </main>
        {!view.alone && <Detail />}
      </div>
      {!view.alone && <Timeline />}
    </div>
  );
}
