import type { ComponentType } from 'preact';
import type { TextKey } from './i18n/index.js';
import { ClusterMapView } from './map/map.js';
import { MatrixView } from './matrix/matrix.js';
import { NetworkView } from './network/network.js';
import { RolloutsView } from './rollouts/rollouts.js';
import { TourView } from './tour/tour.js';
import { WhatIfView } from './whatif/whatif.js';

/** A way to look at the cluster. */
export interface View {
  /** What URLs call it. */
  readonly name: string;
  readonly label: TextKey;
  /** Pressed together with Alt it leads there. */
  readonly key: string;
  readonly component: ComponentType;
  /** Whether it is about other clusters than the one that overview, toolbar, panel and timeline are about. */
  readonly alone?: boolean;
  /** What can be chosen in the toolbar besides the filter. */
  readonly tools?: readonly ('groups' | 'size')[];
}

/** All views, in the order they are offered. Another one is another line here; its code and styles are its own. */
export const VIEWS: readonly [View, ...View[]] = [
  { name: 'map', label: 'view.map', key: 'M', component: ClusterMapView, tools: ['groups', 'size'] },
  { name: 'matrix', label: 'view.matrix', key: 'X', component: MatrixView, tools: ['groups'] },
  { name: 'rollouts', label: 'view.rollouts', key: 'R', component: RolloutsView },
  { name: 'network', label: 'view.network', key: 'N', component: NetworkView },
  { name: 'try', label: 'view.try', key: 'W', component: WhatIfView, alone: true },
  { name: 'tour', label: 'view.tour', key: 'T', component: TourView, alone: true },
];

/** The view of a name; the first, if there is none of that name. */
export const viewOf = (name: string): View => VIEWS.find(view => view.name === name) ?? VIEWS[0];
