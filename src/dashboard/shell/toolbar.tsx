import { useMemo } from 'preact/hooks';
import { formatNumber, plural, t } from '../i18n/index.js';
import { useFitting } from '../model/arranged.js';
import { world } from '../model/cluster.js';
import { shortLabel } from '../model/describe.js';
import { groupableLabels } from '../model/groups.js';
import { UNBOUND } from '../model/picture.js';
import { go, place } from '../model/place.js';
import type { View } from '../views.js';

const FILTERS = [
  'is:trouble',
  'state:missing',
  'state:extra',
  'state:pending',
  'is:outdated',
  'is:cordoned',
  'is:notready',
];

/** What is shown of the cluster, and how: filter, groups, size. */
export function Toolbar({ tools }: Pick<View, 'tools'>) {
  const { filter, groups, zoom } = place.value;
  const { picture } = world.value.look();
  const labels = useMemo(() => groupableLabels(picture), [picture, picture.arrangement]);
  const nodes = plural('count.nodes', picture.rows.size - Number(picture.rows.has(UNBOUND)));
  const fitting = useFitting(world.value, filter);
  return (
    <div class="toolbar">
      <label class="filter">
        <span class="unseen">{t('toolbar.filter')}</span>
        <input
          type="search"
          value={filter}
          placeholder={t('toolbar.filterHint')}
          list="filters"
          spellcheck={false}
          onInput={event => go({ filter: event.currentTarget.value })}
        />
        <datalist id="filters">
          {FILTERS.map(text => (
            <option key={text} value={text} />
          ))}
        </datalist>
      </label>
      {tools?.includes('groups') &&
        [0, 1].map(layer => (
          <label key={layer} hidden={layer > 0 && groups.length === 0}>
            {layer === 0 ? t('toolbar.group') : t('toolbar.then')}
            <select
              value={groups[layer] ?? ''}
              onChange={event => {
                const { value } = event.currentTarget;
                const next = [...groups.slice(0, layer), value, ...groups.slice(layer + 1)];
                go({ groups: value ? next : groups.slice(0, layer) }, true);
              }}
            >
              <option value="">{t('toolbar.noGroup')}</option>
              {labels.concat(groups.filter(g => !labels.includes(g))).map(label => (
                <option key={label} value={label}>
                  {shortLabel(label)}
                </option>
              ))}
            </select>
          </label>
        ))}
      {tools?.includes('size') && (
        <label>
          {t('toolbar.size')}
          <input
            type="range"
            min="-1"
            max="5"
            value={zoom ?? -1}
            aria-valuetext={zoom === undefined ? t('toolbar.fits') : String(zoom)}
            onInput={event => {
              const value = event.currentTarget.valueAsNumber;
              go({ zoom: value < 0 ? undefined : value });
            }}
          />
        </label>
      )}
      <output class="counts">
        {filter.trim() === '' ? nodes : t('toolbar.fitting', { count: formatNumber(fitting), nodes })} ·{' '}
        {plural('count.daemonSets', picture.daemonSets.size)}
      </output>
    </div>
  );
}
