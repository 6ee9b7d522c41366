import { type Signal, useSignal } from '@preact/signals';
import { useId, useMemo, useRef } from 'preact/hooks';
import { formatNumber, t } from '../i18n/index.js';
import { useArranged } from '../model/arranged.js';
import { ownerOf } from '../model/cells.js';
import { world } from '../model/cluster.js';
import { cellText, groupText, remarkOf, rowText, usedText } from '../model/describe.js';
import { folding } from '../model/folding.js';
import { toggled, withNew } from '../model/groups.js';
import type { Owner } from '../model/picture.js';
import { go, place } from '../model/place.js';
import { palette } from '../model/theme.js';
import type { World } from '../model/world.js';
import { Scroller } from '../paint/scroller.js';
import { Tooltip } from '../paint/tooltip.js';
import { Empty } from '../shell/states.js';
import { hitTest, layoutMap, type MapLayout } from './layout.js';
import { type MapScene, type Outlook, paintMap } from './paint.js';
import { Slots } from './slots.js';

/** The map of the cluster that is shown, as the URL says. */
export function ClusterMapView() {
  const { filter, groups, zoom, selection } = place.value;
  return (
    <MapCanvas
      world={world.value}
      filter={filter}
      groups={groups}
      folding={folding}
      zoom={zoom}
      selected={selection?.kind === 'node' || selection?.kind === 'pair' ? selection.node : undefined}
      onOpen={(node, daemonSet) => {
        const selection = daemonSet
          ? { kind: 'pair' as const, namespace: daemonSet.namespace, name: daemonSet.name, node }
          : { kind: 'node' as const, node };
        go({ selection, tab: undefined }, true);
      }}
    />
  );
}

interface MapCanvasProps {
  readonly world: World;
  /** The filter line. */
  readonly filter?: string;
  /** Labels to group by, the outermost first. */
  readonly groups?: readonly string[];
  /** Which groups are folded, if others are to share it. */
  readonly folding?: Signal<ReadonlySet<string>>;
  /** How large boxes are; as fits unless given. */
  readonly zoom?: number | undefined;
  /** The node that is marked. */
  readonly selected?: string | undefined;
  /** Somebody wants to know more of a node, or of a DaemonSet's pod on it. */
  readonly onOpen: (node: string, daemonSet: Owner | undefined) => void;
  /** What would be otherwise after changes that are only thought of. */
  readonly outlook?: Outlook | undefined;
}

const NO_GROUPS: readonly string[] = [];

/** A map: a box for each node, a cell for each pod. */
export function MapCanvas({
  world,
  filter = '',
  groups = NO_GROUPS,
  folding: shared,
  zoom,
  selected,
  onOpen,
  outlook,
}: MapCanvasProps) {
  const { picture, version } = world.look();
  const ownFolding = useSignal<ReadonlySet<string>>(new Set());
  const folded = shared ?? ownFolding;
  const active = useSignal<string | undefined>(undefined);
  const hover = useSignal<{ x: number; y: number } | null>(null);
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const layout = useRef<MapLayout>(null);

  const present = useArranged(world, filter, groups);
  const root = useMemo(
    () => withNew(present, outlook ? [...outlook.keys()].filter(name => !picture.rows.has(name)) : []),
    [present, outlook],
  );
  const slots = useMemo(() => new Slots(picture), [picture, picture.columns, picture.mostOthers]);

  const painted = useRef<{ key: readonly unknown[]; changes: number }>(null);

  const memo = useRef<{ key: readonly unknown[]; layout: MapLayout }>(null);
  const layoutFor = (width: number, height: number): MapLayout => {
    const key = [root, slots.most, zoom, width, height, folded.value];
    if (!memo.current || key.some((part, i) => part !== memo.current!.key[i])) {
      memo.current = { key, layout: layoutMap({ root, slots: slots.most, zoom, width, height, folded: folded.value }) };
    }
    layout.current = memo.current.layout;
    return memo.current.layout;
  };

  const open = (node: string, slot?: number) => {
    const row = picture.rows.get(node);
    const cell = row && slot !== undefined ? slots.of(row)[slot] : undefined;
    const owner = cell === undefined ? undefined : picture.owners[ownerOf(cell)]!;
    onOpen(node, owner?.daemon ? owner : undefined);
  };

  const move = (event: KeyboardEvent) => {
    const boxes = layout.current?.boxes ?? [];
    if (boxes.length === 0) return;
    const index = boxes.findIndex(({ row }) => row.name === active.value);
    const target = neighbour(layout.current!, index, event.key);
    if (event.key === 'Enter' || event.key === ' ') {
      if (index >= 0) open(boxes[index]!.row.name);
    } else if (target === undefined) return;
    else {
      const box = boxes[target]!;
      active.value = box.row.name;
      const element = scroller.current!;
      const bottom = box.y + layout.current!.boxHeight;
      if (box.y < element.scrollTop) element.scrollTop = box.y - 40;
      else if (bottom > element.scrollTop + element.clientHeight)
        element.scrollTop = bottom - element.clientHeight + 16;
    }
    event.preventDefault();
  };

  if (picture.complete && picture.rows.size === 0) return <Empty text={t('map.empty')} hint={t('map.emptyHint')} />;
  if (picture.complete && root.rows.length === 0) return <Empty text={t('map.nothingFits')} hint={filter} />;
  const activeRow =
    active.value === undefined
      ? undefined
      : (picture.rows.get(active.value) ?? root.rows.find(({ name }) => name === active.value));
  return (
    <div class="view">
      <Scroller
        scrollerRef={scroller}
        label={t('map.label', { nodes: formatNumber(root.rows.length) })}
        rows={root.rows.length}
        columns={1}
        active={activeRow && id}
        when={[version, root, slots, zoom, folded.value, active.value, selected, palette.value, outlook]}
        contentSize={(width, height) => ({ width: 0, height: layoutFor(width, height).height })}
        paint={(context, viewport, isBlank) => {
          const scene: MapScene = {
            picture,
            slots,
            layout: layoutFor(viewport.width, viewport.height),
            palette: palette.value,
            selected,
            active: active.value,
            outlook,
            headingText: ({ group }) => groupText(group),
            remark: remarkOf,
          };
          // Where all stands as it stood, only the nodes that changed are painted over.
          const key = [scene.layout, slots, scene.palette, selected, scene.active, outlook, ...Object.values(viewport)];
          const same = !isBlank && painted.current?.key.every((part, i) => part === key[i]);
          paintMap(context, scene, viewport, same ? painted.current!.changes : undefined);
          painted.current = { key, changes: picture.changes };
        }}
        onKeyDown={move}
        onHover={point => {
          hover.value = point;
        }}
        onPick={point => {
          const hit = layout.current && hitTest(layout.current, point);
          if (!hit) return;
          if ('box' in hit) open(hit.box.row.name, hit.slot);
          else folded.value = toggled(folded.value, hit.heading.group);
        }}
      >
        <div
          role="row"
          id={id}
          aria-rowindex={activeRow && (layout.current?.boxes.findIndex(({ row }) => row === activeRow) ?? 0) + 1}
          aria-selected={activeRow ? activeRow.name === selected : undefined}
        >
          <div role="gridcell">{activeRow ? rowText(picture, activeRow) : t('map.howToMove')}</div>
        </div>
      </Scroller>
      <Tooltip at={hover} scroller={scroller}>
        {point => {
          const hit = layout.current && hitTest(layout.current, point);
          if (!hit || !('box' in hit)) return null;
          const { row } = hit.box;
          const cell = hit.slot === undefined ? undefined : slots.of(row)[hit.slot];
          return (
            <>
              <strong>{row.name}</strong>
              <span>{remarkOf(row)}</span>
              {cell !== undefined && <span>{cellText(picture, cell)}</span>}
              <span class="quiet">{usedText(row)}</span>
            </>
          );
        }}
      </Tooltip>
    </div>
  );
}

const MOVES = ['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End'];

/** The box that a key leads to, from none the first; undefined for other keys. */
function neighbour({ boxes, boxHeight }: MapLayout, index: number, key: string): number | undefined {
  if (index < 0) return MOVES.includes(key) ? 0 : undefined;
  const { x, y } = boxes[index]!;
  const nearest = (line: number | undefined) => {
    if (line === undefined) return index;
    let best = index;
    let distance = Number.POSITIVE_INFINITY;
    boxes.forEach((box, i) => {
      if (box.y === line && Math.abs(box.x - x) < distance) [best, distance] = [i, Math.abs(box.x - x)];
    });
    return best;
  };
  switch (key) {
    case 'ArrowRight':
      return Math.min(index + 1, boxes.length - 1);
    case 'ArrowLeft':
      return Math.max(index - 1, 0);
    case 'ArrowDown':
      return nearest(boxes.find(box => box.y > y)?.y);
    case 'ArrowUp':
      return nearest(boxes.findLast(box => box.y < y)?.y);
    case 'PageDown':
      return nearest((boxes.find(box => box.y > y + 10 * boxHeight) ?? boxes.at(-1))?.y);
    case 'PageUp':
      return nearest((boxes.findLast(box => box.y < y - 10 * boxHeight) ?? boxes[0])?.y);
    case 'Home':
      return 0;
    case 'End':
      return boxes.length - 1;
    default:
      return undefined;
  }
}
