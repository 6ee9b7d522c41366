import { useSignal } from '@preact/signals';
import { useId, useMemo, useRef } from 'preact/hooks';
import { formatNumber, plural, t } from '../i18n/index.js';
import { useArranged } from '../model/arranged.js';
import { ownerOf, STATE } from '../model/cells.js';
import { world } from '../model/cluster.js';
import { cellText, groupText, remarkOf, rowText, stateWords, tallyText } from '../model/describe.js';
import { folding } from '../model/folding.js';
import { toggled } from '../model/groups.js';
import type { Owner, Picture, Row, Tally } from '../model/picture.js';
import { go, place } from '../model/place.js';
import { palette } from '../model/theme.js';
import { Scroller } from '../paint/scroller.js';
import { longest } from '../paint/text.js';
import { Tooltip } from '../paint/tooltip.js';
import { Empty } from '../shell/states.js';
import { layoutMatrix, type MatrixLayout, moved, type Spot, scrolledTo, spotAt } from './layout.js';
import { Marks } from './marks.js';
import { type MatrixScene, paintMatrix } from './paint.js';
import { Ruler } from './ruler.js';
import './matrix.css';

/** The matrix: nodes are lines, DaemonSets are columns. */
export function MatrixView() {
  const { filter, groups, selection } = place.value;
  const shown = world.value;
  const { picture, version } = shown.look();
  /** Where the keyboard is, by what stays the same when lines and columns become others. */
  const active = useSignal<{ readonly line: string; readonly column: string | undefined } | undefined>(undefined);
  const hover = useSignal<{ x: number; y: number } | null>(null);
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const current = useRef<{ key: readonly unknown[]; layout: MatrixLayout; marks: Marks }>(undefined);
  const width = useRef(0);
  const painted = useRef<{ key: readonly unknown[]; changes: number }>(undefined);

  const root = useArranged(shown, filter, groups);
  const { columns } = picture;
  const longestName = useMemo(() => longest(nodeNames(root.rows), '650 12.5px'), [root]);
  const longestHead = useMemo(
    () =>
      longest(
        columns.map(({ name }) => name),
        '600 12.5px',
      ),
    [columns],
  );

  const layoutFor = (wide: number) => {
    width.current = wide;
    const key = [root, columns, folding.value, wide, longestName, longestHead];
    if (!current.current || key.some((part, i) => part !== current.current!.key[i])) {
      const layout = layoutMatrix({ root, columns, folded: folding.value, width: wide, longestName, longestHead });
      current.current = { key, layout, marks: new Marks(layout, picture) };
    }
    return current.current.layout;
  };

  if (picture.complete && picture.rows.size === 0) return <Empty text={t('map.empty')} hint={t('map.emptyHint')} />;
  if (picture.complete && columns.length === 0) return <Empty text={t('matrix.noDaemonSets')} />;
  if (picture.complete && root.rows.length === 0) return <Empty text={t('map.nothingFits')} hint={filter} />;

  const layout = layoutFor(width.current);
  const spot = spotOf(layout, active.value);
  const selected = {
    node: selection?.kind === 'node' || selection?.kind === 'pair' ? selection.node : undefined,
    daemonSet:
      selection?.kind === 'daemonSet' || selection?.kind === 'pair'
        ? `${selection.namespace}/${selection.name}`
        : undefined,
  };

  // What is on the canvas now: it may have got another width since the component was drawn.
  const now = () => current.current!.layout;
  const open = ({ line, column }: Spot) => {
    const layout = now();
    const found = layout.lines[line]!;
    if (found.kind === 'group') folding.value = toggled(folding.value, found.group);
    else openCell(found.row, layout.columns[column]);
  };
  const goTo = (next: Spot) => {
    const layout = now();
    active.value = { line: layout.lines[next.line]!.key, column: layout.columns[next.column]?.key };
    const box = scroller.current!;
    const view = { left: box.scrollLeft, top: box.scrollTop, width: box.clientWidth, height: box.clientHeight };
    box.scrollTo(scrolledTo(layout, next, view));
  };
  const press = (event: KeyboardEvent) => {
    const layout = now();
    if (layout.lines.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const line = spot && layout.lines[spot.line]!;
    const folds = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
    if (event.key === 'Enter' || event.key === ' ') {
      if (spot) open(spot);
    } else if (event.key.toLowerCase() === 'n') {
      current.current!.marks.update();
      const next = current.current!.marks.next(spot, event.key === 'n');
      if (next) goTo(next);
    } else if (line?.kind === 'group' && folds) {
      if (line.folded === (event.key === 'ArrowRight')) open(spot!);
    } else {
      const page = Math.max(1, Math.floor((scroller.current!.clientHeight - layout.headHeight) / 22) - 1);
      const next = moved(layout, spot ?? START, event.key, page);
      if (!next) return;
      goTo(spot ? next : START);
    }
    event.preventDefault();
  };
  const at = (point: { x: number; y: number }) => {
    const box = scroller.current!;
    const [left, top] = [box.scrollLeft, box.scrollTop];
    return spotAt(now(), { x: point.x - left, y: point.y - top }, { left, top });
  };

  return (
    <div class="view matrix">
      <div class="table">
        <Scroller
          scrollerRef={scroller}
          label={t('matrix.label', {
            nodes: plural('count.nodes', root.rows.length),
            daemonSets: plural('count.daemonSets', columns.length),
          })}
          active={spot && `${id}-${spot.line}-${spot.column}`}
          when={[version, root, columns, folding.value, active.value, selected.node, selected.daemonSet, palette.value]}
          contentSize={width => layoutFor(width)}
          paint={(context, view, isBlank) => {
            const shape = layoutFor(view.width);
            const scene: MatrixScene = {
              picture,
              layout: shape,
              palette: palette.value,
              active: spotOf(shape, active.value),
              selected,
              text: {
                corner: plural('count.nodes', root.rows.length),
                group: groupText,
                remark: remarkOf,
                state: stateWords,
                count: countText,
              },
            };
            // Where all stands as it stood, only the nodes that changed are painted over.
            const { node, daemonSet } = selected;
            const key = [shape, scene.palette, active.value, node, daemonSet, ...Object.values(view)];
            const same = !isBlank && painted.current?.key.every((part, i) => part === key[i]);
            paintMatrix(context, scene, view, same ? painted.current!.changes : undefined);
            painted.current = { key, changes: picture.changes };
          }}
          rows={layout.lines.length + 1}
          columns={columns.length + 1}
          onKeyDown={press}
          onHover={point => {
            hover.value = point;
          }}
          onPick={point => {
            const hit = at(point);
            if (!hit) return;
            if ('head' in hit) openDaemonSet(columns[hit.head]!);
            else open(hit);
          }}
        >
          <div role="row" aria-rowindex={spot && spot.line + 2}>
            <div
              role="gridcell"
              aria-colindex={spot && spot.column + 2}
              id={spot && `${id}-${spot.line}-${spot.column}`}
            >
              {spot ? spotText(picture, layout, spot) : t('matrix.howToMove')}
            </div>
          </div>
        </Scroller>
        <Tooltip at={hover} scroller={scroller}>
          {point => {
            const hit = at(point);
            if (!hit) return null;
            return 'head' in hit ? (
              <HeadTip picture={picture} owner={columns[hit.head]!} />
            ) : (
              <SpotTip picture={picture} layout={now()} spot={hit} />
            );
          }}
        </Tooltip>
      </div>
      <Ruler
        scroller={scroller}
        layout={() => current.current}
        palette={palette.value}
        when={[version, root, columns, folding.value, palette.value]}
      />
    </div>
  );
}

/** Where who comes by keyboard begins. */
const START: Spot = { line: 0, column: 0 };

function* nodeNames(rows: readonly Row[]) {
  for (const { name } of rows) yield name;
}

function spotOf(
  { lines, columns }: MatrixLayout,
  active: { readonly line: string; readonly column: string | undefined } | undefined,
): Spot | undefined {
  if (!active) return undefined;
  const line = lines.findIndex(({ key }) => key === active.line);
  if (line < 0) return undefined;
  return { line, column: lines[line]!.kind === 'group' ? -1 : columns.findIndex(({ key }) => key === active.column) };
}

function openCell({ name: node }: Row, owner: Owner | undefined): void {
  const selection = owner
    ? { kind: 'pair' as const, namespace: owner.namespace, name: owner.name, node }
    : { kind: 'node' as const, node };
  go({ selection, tab: undefined }, true);
}

const openDaemonSet = ({ namespace, name }: Owner) =>
  go({ selection: { kind: 'daemonSet', namespace, name }, tab: undefined }, true);

/** `4998/5000`: how many pods are ready, of how many. */
function countText(tally: Tally | undefined): string {
  if (!tally) return '–';
  return `${formatNumber(tally.states[STATE.ready]!)}/${formatNumber(tally.total)}`;
}

/** What is in a cell, in words: a line for each pod. */
function cellTexts(picture: Picture, row: Row, owner: Owner): string[] {
  const texts = [...row.cells].filter(cell => ownerOf(cell) === owner.number).map(cell => cellText(picture, cell));
  return texts.length > 0 ? texts : [`${owner.key}: ${t('matrix.notWanted')}`];
}

/** A place in the matrix in words, for who cannot see it. */
function spotText(picture: Picture, { lines, columns }: MatrixLayout, { line, column }: Spot): string {
  const found = lines[line]!;
  if (found.kind === 'node') {
    const owner = columns[column];
    return owner
      ? `${found.row.name}, ${cellTexts(picture, found.row, owner).join('; ')}`
      : rowText(picture, found.row);
  }
  const { title, counts, troubles } = groupText(found.group);
  return [title, counts, troubles, t(found.folded ? 'matrix.folded' : 'matrix.unfolded')].filter(Boolean).join(', ');
}

function HeadTip({ picture, owner }: { picture: Picture; owner: Owner }) {
  const tally = picture.tallyOf(owner);
  return (
    <>
      <strong>{owner.name}</strong>
      <span>{owner.namespace}</span>
      <span>{countText(tally)}</span>
      <span>{tally && tallyText(tally)}</span>
    </>
  );
}

function SpotTip({ picture, layout, spot }: { picture: Picture; layout: MatrixLayout; spot: Spot }) {
  const found = layout.lines[spot.line]!;
  if (found.kind === 'group') return null;
  const owner = layout.columns[spot.column];
  return (
    <>
      <strong>{found.row.name}</strong>
      <span>{remarkOf(found.row)}</span>
      {owner && cellTexts(picture, found.row, owner).map(text => <span key={text}>{text}</span>)}
    </>
  );
}
