/** A piece of a word, and how it was quoted: in single quotes nothing is expanded, in double quotes nothing is split. */
export interface Piece {
  readonly text: string;
  readonly quote: '' | "'" | '"';
}

export type Word = readonly Piece[];

/** `>FILE`, `2>FILE`, `<FILE`, `2>&1`. */
interface Redirection {
  readonly from: 0 | 1 | 2;
  /** A file, or the number of another stream. */
  readonly to: Word | 1 | 2;
}

export interface SimpleCommand {
  readonly words: readonly Word[];
  readonly redirections: readonly Redirection[];
}

/** Commands joined by `|`, and on what outcome of the one before they run. */
export interface Pipeline {
  readonly after: ';' | '&&' | '||';
  readonly commands: readonly SimpleCommand[];
}

/** What cannot be read as a command, in the words of a shell. */
export class SyntaxProblem extends Error {}

type Token = { readonly word: Word } | { readonly operator: string };

/**
 * Reads a line of shell: words with quotes, `;`, `&&`, `||`, `|` and redirections. Loops, functions and the like are not
 * understood.
 * @throws SyntaxProblem
 */
export function parseLine(line: string): Pipeline[] {
  const pipelines: Pipeline[] = [];
  let after: Pipeline['after'] = ';';
  let commands: SimpleCommand[] = [];
  let words: Word[] = [];
  let redirections: Redirection[] = [];

  const endCommand = (operator: string) => {
    if (words.length + redirections.length === 0) throw new SyntaxProblem(`syntax error: unexpected ${operator}`);
    commands.push({ words, redirections });
    [words, redirections] = [[], []];
  };
  const endPipeline = (operator: string) => {
    endCommand(operator);
    pipelines.push({ after, commands });
    commands = [];
  };

  const tokens = [...tokensOf(line)];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if ('word' in token) {
      words.push(token.word);
      continue;
    }
    const { operator } = token;
    if (operator === '\n' && words.length + redirections.length + commands.length === 0 && after === ';') continue;
    if (operator === '|') endCommand('"|"');
    else if (operator === ';' || operator === '\n' || operator === '&&' || operator === '||') {
      endPipeline(operator === '\n' ? 'newline' : `"${operator}"`);
      after = operator === '\n' ? ';' : operator;
    } else if (operator === '&' || operator === '(' || operator === ')') {
      throw new SyntaxProblem(`syntax error: unexpected "${operator}"`);
    } else {
      const from = operator.startsWith('<') ? 0 : operator.startsWith('2') ? 2 : 1;
      const copied = /&([12])$/.exec(operator);
      const target = copied ? undefined : tokens[++i];
      if (!copied && !(target && 'word' in target)) throw new SyntaxProblem('syntax error: unexpected end of file');
      redirections.push({ from, to: copied ? (Number(copied[1]) as 1 | 2) : (target as { word: Word }).word });
    }
  }
  if (words.length + redirections.length > 0) endPipeline('end of file');
  else if (commands.length > 0 || after !== ';') throw new SyntaxProblem('syntax error: unexpected end of file');
  return pipelines;
}

const OPERATOR = /[12]?>&[12]|[12]?>>?|<|&&|\|\||[;|&()]/y;
const BLANK = /[ \t\r]+|#[^\n]*/y;

function* tokensOf(line: string): Generator<Token> {
  let at = 0;
  let pieces: Piece[] = [];
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(line)?.[0];
  };
  const word = function* (): Generator<Token> {
    if (pieces.length > 0) yield { word: pieces };
    pieces = [];
  };
  while (at < line.length) {
    const character = line[at]!;
    const blank = character === '#' && pieces.length > 0 ? undefined : match(BLANK);
    const operator = character === '1' || character === '2' ? pieces.length === 0 && match(OPERATOR) : match(OPERATOR);
    if (character === '\n' || blank !== undefined || operator) {
      yield* word();
      if (operator) yield { operator };
      else if (character === '\n') yield { operator: '\n' };
      at += blank?.length ?? (operator || '\n').length;
    } else if (character === "'" || character === '"') {
      const { text, end } = quoted(line, at);
      pieces.push(...text);
      at = end;
    } else if (character === '\\') {
      pieces.push({ text: line[at + 1] ?? '\\', quote: "'" });
      at += 2;
    } else {
      const start = at++;
      while (at < line.length && !/[\s'"\\;|&()<>]/.test(line[at]!)) at++;
      pieces.push({ text: line.slice(start, at), quote: '' });
    }
  }
  yield* word();
}

/** What stands in quotes from `start` on: in double quotes a backslash takes the meaning from `$`, `"` and itself. */
function quoted(line: string, start: number): { text: Piece[]; end: number } {
  const quote = line[start] as "'" | '"';
  const text: Piece[] = [];
  let plain = '';
  for (let at = start + 1; at < line.length; at++) {
    const character = line[at]!;
    if (character === quote) return { text: [...text, { text: plain, quote }], end: at + 1 };
    if (quote === '"' && character === '\\' && '$"\\`'.includes(line[at + 1] ?? ' ')) {
      text.push({ text: plain, quote }, { text: line[++at]!, quote: "'" });
      plain = '';
    } else {
      plain += character;
    }
  }
  throw new SyntaxProblem('syntax error: unterminated quoted string');
}
