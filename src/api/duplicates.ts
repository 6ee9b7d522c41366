/** One open object or array, and where in it the scan stands. */
interface Level {
  /** The keys seen so far; undefined for arrays. */
  readonly keys: Set<string> | undefined;
  step: string | number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Keys that stand twice in the same object: `duplicate field "spec.template"`, as upstream's strict decoder reports them.
 * `JSON.parse` keeps the last one and says nothing.
 * @param json text that is known to be JSON
 */
export function duplicateFields(json: string): string[] {
  const found: string[] = [];
  const levels: Level[] = [];
  let level: Level | undefined;
  let expectKey = false;
  for (let i = 0; i < json.length; i++) {
    switch (json.charCodeAt(i)) {
      case QUOTE: {
        const end = stringEnd(json, i);
        if (expectKey && level?.keys) {
          const raw = json.slice(i + 1, end);
          const key = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
          level.step = key;
          if (level.keys.has(key)) found.push(`duplicate field ${JSON.stringify(pathOf(levels))}`);
          else level.keys.add(key);
          expectKey = false;
        }
        i = end;
        break;
      }
      case OPEN_OBJECT:
        level = { keys: new Set(), step: '' };
        levels.push(level);
        expectKey = true;
        break;
      case OPEN_LIST:
        level = { keys: undefined, step: 0 };
        levels.push(level);
        expectKey = false;
        break;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        levels.pop();
        level = levels.at(-1);
        expectKey = false;
        break;
      case COMMA:
        if (typeof level!.step === 'number') level!.step++;
        else expectKey = true;
        break;
    }
  }
  return found;
}

/** The closing quote of the string that opens at `open`. */
function stringEnd(json: string, open: number): number {
  for (let at = json.indexOf('"', open + 1); ; at = json.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (json.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
}

function pathOf(levels: readonly Level[]): string {
  return levels.reduce(
    (path, { step }) => (typeof step === 'number' ? `${path}[${step}]` : path ? `${path}.${step}` : step),
    '',
  );
}
