const compiled = new Map<string, RegExp | undefined>();
/** Patterns are few and come from schemas; who makes new ones for ever starts over. */
const MOST = 4096;

/** A regular expression of Go's, as JavaScript writes it; `undefined` if it is none. Those of a schema are compiled once. */
export function patternOf(source: string): RegExp | undefined {
  if (!compiled.has(source)) {
    if (compiled.size >= MOST) compiled.clear();
    compiled.set(source, compile(source));
  }
  return compiled.get(source);
}

const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: '0-9A-Za-z',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
  punct: '!-\\/:-@\\[-`{-~',
};

function compile(source: string): RegExp | undefined {
  const [, flags = ''] = /^\(\?([ims]+)\)/.exec(source) ?? [];
  const rest = flags ? source.slice(flags.length + 3) : source;
  const translated = rest
    .replace(/\[:(\w+):\]/g, (text, name: string) => CLASSES[name] ?? text)
    .replaceAll('(?P<', '(?<')
    .replaceAll('\\A', '^')
    .replaceAll('\\z', '$');
  // With `u` what stands beyond the first plane counts as one character, as in Go; it also forbids some idle escapes.
  for (const unicode of ['u', '']) {
    try {
      return new RegExp(translated, flags + unicode);
    } catch {
      // then the other way, or not at all
    }
  }
  return undefined;
}
