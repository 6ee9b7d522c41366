/** Why `text` is not JSON, in the words of Go's `encoding/json`; undefined if it is. */
export function jsonSyntaxError(text: string): string | undefined {
  try {
    new Scanner(text).document();
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}

const END = 'unexpected end of JSON input';
const LITERALS: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };

/** A recursive walk over JSON text that keeps nothing: it is there for its errors alone. */
class Scanner {
  #at = 0;

  constructor(readonly text: string) {}

  document(): void {
    this.#value();
    this.#space();
    if (this.#at < this.text.length) this.#bad('after top-level value');
  }

  #value(): void {
    this.#space();
    const c = this.#peek();
    if (c === '{') this.#object();
    else if (c === '[') this.#array();
    else if (c === '"') this.#string();
    else if (c === '-' || isDigit(c)) this.#number();
    else if (LITERALS[c]) this.#literal(LITERALS[c]);
    else this.#bad('looking for beginning of value');
  }

  #object(): void {
    this.#at++;
    this.#space();
    if (this.#peek() === '}') {
      this.#at++;
      return;
    }
    for (;;) {
      this.#space();
      if (this.#peek() !== '"') this.#bad('looking for beginning of object key string');
      this.#string();
      this.#space();
      if (this.#peek() !== ':') this.#bad('after object key');
      this.#at++;
      this.#value();
      this.#space();
      const c = this.#peek();
      if (c !== ',' && c !== '}') this.#bad('after object key:value pair');
      this.#at++;
      if (c === '}') return;
    }
  }

  #array(): void {
    this.#at++;
    this.#space();
    if (this.#peek() === ']') {
      this.#at++;
      return;
    }
    for (;;) {
      this.#value();
      this.#space();
      const c = this.#peek();
      if (c !== ',' && c !== ']') this.#bad('after array element');
      this.#at++;
      if (c === ']') return;
    }
  }

  #string(): void {
    this.#at++;
    for (;;) {
      const c = this.#peek();
      if (c === '"') {
        this.#at++;
        return;
      }
      if (c < ' ') this.#bad('in string literal');
      this.#at++;
      if (c !== '\\') continue;
      const escaped = this.#peek();
      if (!'"\\/bfnrtu'.includes(escaped)) this.#bad('in string escape code');
      this.#at++;
      if (escaped !== 'u') continue;
      for (let i = 0; i < 4; i++) {
        if (!/[0-9a-fA-F]/.test(this.#peek())) this.#bad('in \\u hexadecimal character escape');
        this.#at++;
      }
    }
  }

  #number(): void {
    if (this.#peek() === '-') this.#at++;
    if (!isDigit(this.#peek())) this.#bad('in numeric literal');
    if (this.text[this.#at] === '0') this.#at++;
    else this.#digits();
    if (this.text[this.#at] === '.') {
      this.#at++;
      if (!isDigit(this.#peek())) this.#bad('after decimal point in numeric literal');
      this.#digits();
    }
    if (this.text[this.#at] === 'e' || this.text[this.#at] === 'E') {
      this.#at++;
      if (this.#peek() === '+' || this.#peek() === '-') this.#at++;
      if (!isDigit(this.#peek())) this.#bad('in exponent of numeric literal');
      this.#digits();
    }
  }

  #digits(): void {
    while (isDigit(this.text[this.#at] ?? '')) this.#at++;
  }

  #literal(word: string): void {
    for (const expected of word) {
      if (this.#peek() !== expected) this.#bad(`in literal ${word} (expecting '${expected}')`);
      this.#at++;
    }
  }

  #space(): void {
    while (' \t\r\n'.includes(this.text[this.#at] ?? 'x')) this.#at++;
  }

  #peek(): string {
    const c = this.text[this.#at];
    if (c === undefined) throw new SyntaxError(END);
    return c;
  }

  #bad(where: string): never {
    throw new SyntaxError(`invalid character ${quoted(this.#peek())} ${where}`);
  }
}

function isDigit(c: string): boolean {
  return c >= '0' && c <= '9' && c.length === 1;
}

function quoted(c: string): string {
  if (c === "'") return `'\\''`;
  return `'${JSON.stringify(c).slice(1, -1).replace('\\"', '"')}'`;
}
