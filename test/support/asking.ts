import { type IncomingHttpHeaders, request } from 'node:http';

/** What came of a request, however it ended. */
export interface Came {
  /** 0 if there was no answer. */
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  /** As far as it came. */
  readonly text: string;
  /** How the connection broke, if it did: `ECONNRESET`. */
  readonly broke: string | undefined;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Hears of what comes, as it comes. */
  readonly onText?: (text: string, end: () => void) => void;
}

/** Asks over a connection of its own, and takes whatever comes for an answer. */
export function ask(url: string, { method = 'GET', headers = {}, body, onText }: Ask = {}): Promise<Came> {
  const bytes = body === undefined ? undefined : JSON.stringify(body);
  const type = bytes === undefined || headers['content-type'] ? {} : { 'content-type': 'application/json' };
  return new Promise(resolve => {
    let code = 0;
    let answered: IncomingHttpHeaders = {};
    let text = '';
    const end = (broke?: string) => resolve({ code, headers: answered, text, broke });
    const req = request(url, { method, agent: false, headers: { ...type, ...headers } }, res => {
      code = res.statusCode!;
      answered = res.headers;
      res.setEncoding('utf8');
      res.on('data', (piece: string) => {
        text += piece;
        onText?.(piece, () => req.destroy());
      });
      res.on('end', () => end());
      res.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    });
    req.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    req.end(bytes);
  });
}

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
export const json = ({ text }: Came): any => JSON.parse(text);
