import { t } from './i18n/index.js';
import { ClusterMapView } from './map/map.js';
import { MatrixView } from './matrix/matrix.js';
import { place } from './model/place.js';
import { Detail } from './panels/detail.js';
import { RolloutsView } from './rollouts/rollouts.js';
import { Header } from './shell/header.js';
import { Sidebar } from './shell/sidebar.js';
import { ConnectionBanner } from './shell/states.js';
import { Toolbar } from './shell/toolbar.js';
import { Timeline } from './timeline/timeline.js';
import { TourView } from './tour/tour.js';
import { WhatIfView } from './whatif/whatif.js';

/** The whole page. */
export function App() {
  // The tour has clusters of its own, and what is only thought of has its own panels.
  const alone = place.value.view === 'tour' || place.value.view === 'try';
  return (
    <div class="page">
      <a class="skip" href="#main">
        {t('header.skip')}
      </a>
      <Header />
      <ConnectionBanner />
      <div class="body">
        {!alone && <Sidebar />}
        <main id="main" tabIndex={-1}>
          <h1 class="unseen">{t('header.title')}</h1>
          {!alone && <Toolbar />}
          {place.value.view === 'map' && <ClusterMapView />}
          {place.value.view === 'matrix' && <MatrixView />}
          {place.value.view === 'rollouts' && <RolloutsView />}
          {place.value.view === 'try' && <WhatIfView />}
          {place.value.view === 'tour' && <TourView />}
        </main>
        {!alone && <Detail />}
      </div>
      {!alone && <Timeline />}
    </div>
  );
}
